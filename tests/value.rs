//! Allocations of a `Value`.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fmt::Write;

use dockline::Value;
use support::{LIMIT, in_own_process};

/// Counts allocations and bytes in use for each thread, since the test harness has its own threads.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
    static IN_USE: Cell<isize> = const { Cell::new(0) };
}

// SAFETY: forwards all calls to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        IN_USE.set(IN_USE.get() + layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        IN_USE.set(IN_USE.get() - layout.size() as isize);
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A response that resembles a list of a thousand containers.
fn list() -> String {
    let mut json = String::from("[");
    for n in 0..1000 {
        let comma = if n == 0 { "" } else { "," };
        write!(
            json,
            r#"{comma}{{"Id":"{n:064x}","Names":["/web-{n}"],"Image":"registry.example.com/app:{n}",
            "ImageID":"sha256:{n:064x}","Command":"/bin/app --listen \"0.0.0.0\"","Created":{n},
            "Ports":[{{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":{n},"Type":"tcp"}}],
            "Labels":{{"com.example.service":"web","com.example.number":"{n}"}},"State":"running",
            "Status":"Up 5 minutes","HostConfig":{{"NetworkMode":"bridge"}},"NetworkSettings":
            {{"Networks":{{"bridge":{{"IPAMConfig":null,"Links":null,"IPAddress":"172.17.0.2",
            "IPPrefixLen":16,"GwPriority":0}}}}}},"Mounts":[]}}"#
        )
        .unwrap();
    }
    json + "]"
}

#[test]
fn makes_few_allocations_and_frees_all() {
    let name = "makes_few_allocations_and_frees_all";
    in_own_process(name, LIMIT, || {
        let json = list();
        let before = (ALLOCATIONS.get(), IN_USE.get());
        let value = Value::parse(json.as_bytes()).unwrap();
        let allocations = ALLOCATIONS.get() - before.0;
        let bytes = IN_USE.get() - before.1;
        assert_eq!(value.len(), 1000);
        assert!(allocations < 40, "{allocations} allocations");
        assert!(bytes < 4 * json.len() as isize, "{bytes} bytes for {} of JSON", json.len());
        drop(value);
        assert_eq!(IN_USE.get(), before.1);
    });
}
