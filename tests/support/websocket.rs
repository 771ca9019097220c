//! The engine's side of a WebSocket.

use tungstenite::handshake::derive_accept_key;

use super::{Conn, Fault, Received, RecordedRequest};

/// A close frame, as engines send it.
pub const WEBSOCKET_CLOSE: &[u8] = b"\x88\x00";

/// Reads the upgrade request, which must have this target, and accepts it.
pub fn open_websocket(conn: &mut Conn, target: &str) -> Result<(), Fault> {
    let Some(request) = RecordedRequest::read_head(conn, 0)? else {
        return Err("no request for a WebSocket".to_owned().into());
    };
    assert_eq!(request.target, target);
    let key = request.header("sec-websocket-key").expect("there is a key");
    let accept = derive_accept_key(key.as_bytes());
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    conn.send(head.as_bytes())
}

/// Reads the client's close frame, which has no status.
pub fn expect_websocket_close(conn: &mut Conn) -> Result<(), Fault> {
    let close = websocket_bytes::<6>(conn)?;
    assert_eq!(close[..2], [0x88, 0x80]);
    Ok(())
}

/// Reads the next bytes of the client.
pub fn websocket_bytes<const N: usize>(conn: &mut Conn) -> Result<[u8; N], Fault> {
    while conn.unread().len() < N {
        if conn.fill()? == Received::End {
            return Err("the client did not close the websocket".to_owned().into());
        }
    }
    let bytes = conn.unread()[..N].try_into().unwrap();
    conn.consume(N);
    Ok(bytes)
}
