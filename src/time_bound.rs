//! Points in time in the options of logs and events.

use std::fmt;
use std::mem::MaybeUninit;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::codec::{JsonType, Kind, Leaf, Scalar, Slot, View, leaf};
use crate::model::Timestamp;

/// A point in time that limits logs or events.
///
/// It is sent as Unix seconds with a fraction. [`FromStr`] reads that form, RFC 3339 (`2024-05-01T10:00:00Z`),
/// durations before now (`90s`, `1h30m`), and as the docker CLI dates alone and shortened times (`2024-05-01`,
/// `2024-05-01T10:00`), with or without a zone. Without a zone they are in the local time of this process.
///
/// ```
/// use dockline::TimeBound;
/// use std::time::{Duration, SystemTime};
/// let now = TimeBound::from(SystemTime::now());
/// let a_minute_ago = TimeBound::ago(Duration::from_secs(60));
/// assert!(a_minute_ago < now);
/// assert_eq!("2024-05-01T10:00:00.5Z".parse::<TimeBound>().unwrap().to_string(), "1714557600.500000000");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeBound {
    /// Nanoseconds since the Unix epoch.
    nanos: i128,
}

impl TimeBound {
    /// Returns the point that is `duration` before now.
    pub fn ago(duration: Duration) -> TimeBound {
        let now = TimeBound::from(SystemTime::now());
        TimeBound {
            nanos: now.nanos.saturating_sub(duration.as_nanos().try_into().unwrap_or(i128::MAX)),
        }
    }

    /// Creates a point in time from seconds since the Unix epoch.
    pub const fn unix(seconds: i64) -> TimeBound {
        TimeBound { nanos: seconds as i128 * 1_000_000_000 }
    }

    /// Creates a point in time from nanoseconds since the Unix epoch, such as `timeNano` of an event.
    pub const fn unix_nanos(nanos: i64) -> TimeBound {
        TimeBound { nanos: nanos as i128 }
    }
}

impl From<SystemTime> for TimeBound {
    fn from(time: SystemTime) -> TimeBound {
        let nanos = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i128,
            Err(before) => -(before.duration().as_nanos() as i128),
        };
        TimeBound { nanos }
    }
}

impl fmt::Display for TimeBound {
    /// Writes Unix seconds with nine decimals, as sent to the engine.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.nanos < 0 { "-" } else { "" };
        let nanos = self.nanos.unsigned_abs();
        write!(f, "{sign}{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000)
    }
}

/// The error of parsing a string that is not a valid [`TimeBound`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a valid point in time: expected Unix seconds, a date such as 2024-05-01, a time such as 2024-05-01T10:00:00Z, or a duration ago such as 1h30m"
)]
pub struct ParseTimeBoundError(String);

impl FromStr for TimeBound {
    type Err = ParseTimeBoundError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_unix_seconds(text)
            .or_else(|| parse_duration(text).map(TimeBound::ago))
            .or_else(|| parse_date(text))
            .ok_or_else(|| ParseTimeBoundError(text.to_owned()))
    }
}

/// Parses RFC 3339, also with the end of the time or the zone left out.
fn parse_date(text: &str) -> Option<TimeBound> {
    let (date, time) = text.split_at_checked("2024-05-01".len())?;
    let (time, zone) = time.split_at(time.find(['Z', 'z', '+', '-']).unwrap_or(time.len()));
    let rest = match time.len() {
        0 => "T00:00:00",
        3 => ":00:00",
        6 => ":00",
        _ => "",
    };
    let is_local = zone.is_empty();
    let zone = if is_local { "Z" } else { zone };
    let nanos = Timestamp::from(format!("{date}{time}{rest}{zone}")).unix_nanos()?;
    if !is_local {
        return Some(TimeBound { nanos });
    }
    let seconds = local_to_unix(nanos.div_euclid(1_000_000_000).try_into().ok()?)?;
    Some(TimeBound { nanos: i128::from(seconds) * 1_000_000_000 + nanos.rem_euclid(1_000_000_000) })
}

/// Converts a local time, given as the Unix seconds that it would have in UTC, to Unix seconds.
fn local_to_unix(seconds: i64) -> Option<i64> {
    let seconds = libc::time_t::try_from(seconds).ok()?;
    let mut fields = MaybeUninit::<libc::tm>::zeroed();
    // SAFETY: the pointers are valid for the calls, and a zeroed `tm` is valid.
    let (converted, unix) = unsafe {
        let converted = libc::gmtime_r(&seconds, fields.as_mut_ptr());
        // Daylight saving time is looked up.
        (*fields.as_mut_ptr()).tm_isdst = -1;
        (converted, libc::mktime(fields.as_mut_ptr()))
    };
    #[allow(clippy::useless_conversion, reason = "time_t has 32 bits on some platforms")]
    (!converted.is_null() && unix != -1).then(|| unix.into())
}

/// Parses `1714557600` or `1714557600.5`.
fn parse_unix_seconds(text: &str) -> Option<TimeBound> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(seconds) || !digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let seconds: i64 = seconds.parse().ok()?;
    let fraction: i128 = format!("{fraction:0<9}").parse().ok()?;
    let nanos = i128::from(seconds) * 1_000_000_000 + fraction;
    Some(TimeBound { nanos: if negative { -nanos } else { nanos } })
}

/// Parses `1h30m`, `90s`, `1.5h` or `250ms`.
fn parse_duration(mut text: &str) -> Option<Duration> {
    let mut total = Duration::ZERO;
    if text.is_empty() {
        return None;
    }
    while !text.is_empty() {
        let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = text[..unit_at].parse().ok()?;
        let rest = &text[unit_at..];
        let end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let seconds = match &rest[..end] {
            "d" => 86_400.0,
            "h" => 3_600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        total = total.checked_add(Duration::try_from_secs_f64(number * seconds).ok()?)?;
        text = &rest[end..];
    }
    Some(total)
}

impl JsonType for TimeBound {
    const KIND: &'static Kind = &Kind::Leaf(|| Box::new(TimeBound::empty()));

    fn empty() -> TimeBound {
        TimeBound::unix(0)
    }

    fn slot(&mut self) -> Slot<'_> {
        Slot::Leaf(self)
    }

    fn view(&self) -> View<'_> {
        View::Leaf(self)
    }
}

leaf::serde_impls!(TimeBound);

impl Leaf for TimeBound {
    /// Reads Unix seconds as a number, or a string as [`FromStr`] does.
    fn set(&mut self, value: Scalar<'_>) -> Result<(), String> {
        let time = match value {
            Scalar::Int(seconds) => Some(TimeBound::unix(seconds)),
            Scalar::Uint(seconds) => i64::try_from(seconds).ok().map(TimeBound::unix),
            Scalar::Number(seconds) => Some(TimeBound { nanos: (seconds * 1e9) as i128 }),
            Scalar::Str(text) => text.parse().ok(),
            Scalar::Bool(_) => None,
        };
        *self = time.ok_or(
            "a point in time: Unix seconds, a date, RFC 3339 text, or a duration ago such as 1h30m",
        )?;
        Ok(())
    }

    fn get(&self, pass: &mut dyn FnMut(Scalar<'_>)) {
        pass(Scalar::Str(&self.to_string()));
    }

    fn is_empty(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_unix_seconds() {
        assert_eq!(TimeBound::unix(1).to_string(), "1.000000000");
        assert_eq!(TimeBound::unix_nanos(1_500_000_001).to_string(), "1.500000001");
        assert_eq!(TimeBound::unix_nanos(-1).to_string(), "-0.000000001");
        assert_eq!(
            TimeBound::from(UNIX_EPOCH + Duration::from_millis(2500)).to_string(),
            "2.500000000"
        );
    }

    #[test]
    fn parses_strings() {
        for (text, seconds) in [
            ("0", "0.000000000"),
            ("1714557600.25", "1714557600.250000000"),
            ("2024-05-01T10:00:00Z", "1714557600.000000000"),
            ("2024-05-01T12:00:00+02:00", "1714557600.000000000"),
            ("2024-05-01T10:00Z", "1714557600.000000000"),
            ("2024-05-01T10Z", "1714557600.000000000"),
            ("2024-05-01T12+02:00", "1714557600.000000000"),
            ("2024-05-01Z", "1714521600.000000000"),
            ("2024-05-01-01:00", "1714525200.000000000"),
        ] {
            assert_eq!(text.parse::<TimeBound>().unwrap().to_string(), seconds, "{text}");
        }
        let ago = |text: &str| {
            let then = text.parse::<TimeBound>().unwrap();
            TimeBound::from(SystemTime::now()).nanos - then.nanos
        };
        for (text, seconds) in
            [("90s", 90), ("1h30m", 5400), ("1.5h", 5400), ("2d", 172_800), ("1500ms", 1)]
        {
            let ago = ago(text) / 1_000_000_000;
            assert!((seconds..=seconds + 1).contains(&ago), "{text}: {ago}");
        }
        for invalid in [
            "",
            "yesterday",
            "1x",
            "1.2.3",
            "h",
            "-",
            "1714557600.1234567890",
            "2024-13-01T00:00:00Z",
            "2024-05",
            "2024-05-01T",
            "2024-05-01T1",
            "2024-05-01T10:00:",
            "2024-05-01x10:00",
            "2024-05-32",
            "2024-05-01T25",
            "2024-05-0é",
        ] {
            assert!(invalid.parse::<TimeBound>().is_err(), "{invalid:?}");
        }
    }

    #[test]
    fn reads_json() {
        assert_eq!(serde_json::from_str::<TimeBound>("12").unwrap(), TimeBound::unix(12));
        assert_eq!(
            serde_json::from_str::<TimeBound>("\"12.5\"").unwrap(),
            TimeBound::unix_nanos(12_500_000_000)
        );
        assert!(
            serde_json::from_str::<TimeBound>("\"soon\"")
                .unwrap_err()
                .to_string()
                .contains("point in time")
        );
    }
}
