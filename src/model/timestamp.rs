//! Timestamps.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::codec::leaf::{leaf, serde_impls};
use crate::codec::{Leaf, Scalar};

const NANOS_PER_SECOND: i128 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// Timestamp in RFC 3339 format, such as `2026-03-04T05:06:07.089Z`.
///
/// Engines write 0 to 9 fractional digits, and UTC (`Z`) or an offset. The original string is kept, so
/// that it is printed and sent back unchanged. An empty string and `0001-01-01T00:00:00Z` both mean
/// never.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Timestamp(String);

leaf!(Timestamp);
serde_impls!(Timestamp);

impl Leaf for Timestamp {
    fn set(&mut self, value: Scalar<'_>) -> Result<(), String> {
        let Scalar::Str(text) = value else { return Err("a string".to_owned()) };
        text.clone_into(&mut self.0);
        Ok(())
    }

    fn get(&self, pass: &mut dyn FnMut(Scalar<'_>)) {
        pass(Scalar::Str(&self.0));
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Timestamp {
    /// Returns the original string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the timestamp is empty or `0001-01-01T00:00:00Z`, which mean never.
    pub fn is_never(&self) -> bool {
        self.0.is_empty() || parse(&self.0) == parse("0001-01-01T00:00:00Z")
    }

    /// Returns the Unix timestamp in nanoseconds; `None` if it is never or invalid.
    pub fn unix_nanos(&self) -> Option<i128> {
        if self.is_never() { None } else { parse(&self.0) }
    }

    /// Returns the [`SystemTime`]; `None` if it is never or invalid.
    pub fn system_time(&self) -> Option<SystemTime> {
        let nanos = self.unix_nanos()?;
        let distance = Duration::new(
            u64::try_from((nanos.abs()) / NANOS_PER_SECOND).ok()?,
            u32::try_from((nanos.abs()) % NANOS_PER_SECOND).ok()?,
        );
        if nanos < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
    }

    /// Formats `time` in UTC with nanoseconds.
    ///
    /// Returns `None` outside the years 1 to 9999, which RFC 3339 cannot represent.
    pub fn from_system_time(time: SystemTime) -> Option<Timestamp> {
        let nanos = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()).ok()?,
            Err(before) => -i128::try_from(before.duration().as_nanos()).ok()?,
        };
        let seconds = i64::try_from(nanos.div_euclid(NANOS_PER_SECOND)).ok()?;
        let fraction = nanos.rem_euclid(NANOS_PER_SECOND);
        let (year, month, day) = civil(seconds.div_euclid(SECONDS_PER_DAY));
        let second_of_day = seconds.rem_euclid(SECONDS_PER_DAY);
        let (hour, minute, second) =
            (second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
        (1..=9999).contains(&year).then(|| {
            Timestamp(format!(
                "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:09}Z"
            ))
        })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Timestamp {
        Timestamp(text.to_owned())
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Timestamp {
        Timestamp(text)
    }
}

/// Parses an RFC 3339 timestamp into Unix nanoseconds.
fn parse(text: &str) -> Option<i128> {
    let mut rest = Cursor(text.as_bytes());
    let year = rest.number(4, 0..=9999)?;
    rest.one_of(b"-")?;
    let month = rest.number(2, 1..=12)?;
    rest.one_of(b"-")?;
    let day = rest.number(2, 1..=days_in(year, month))?;
    rest.one_of(b"Tt ")?;
    let hour = rest.number(2, 0..=23)?;
    rest.one_of(b":")?;
    let minute = rest.number(2, 0..=59)?;
    rest.one_of(b":")?;
    let second = rest.number(2, 0..=60)?;
    let fraction = if rest.one_of(b".").is_some() { rest.fraction()? } else { 0 };
    let offset = match rest.one_of(b"Zz+-")? {
        b'-' => -rest.offset()?,
        b'+' => rest.offset()?,
        _ => 0,
    };
    if !rest.0.is_empty() {
        return None;
    }
    let days = days_since_1970(year, month, day);
    let seconds = days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second - offset;
    Some(i128::from(seconds) * NANOS_PER_SECOND + i128::from(fraction))
}

/// Rest of the input.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        bytes.contains(&first).then(|| {
            self.0 = rest;
            first
        })
    }

    fn number(&mut self, digits: usize, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        let number = decimal(number)?;
        self.0 = rest;
        range.contains(&number).then_some(number)
    }

    /// Parses the fraction in nanoseconds, ignoring digits after the ninth.
    fn fraction(&mut self) -> Option<i64> {
        let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(length);
        self.0 = rest;
        let kept = &digits[..length.min(9)];
        (length > 0).then(|| Some(decimal(kept)? * 10_i64.pow(9 - kept.len() as u32)))?
    }

    fn offset(&mut self) -> Option<i64> {
        let hours = self.number(2, 0..=23)?;
        self.one_of(b":")?;
        Some(hours * 3600 + self.number(2, 0..=59)? * 60)
    }
}

fn decimal(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
    })
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

// Both conversions count days from 0000-03-01, so that the leap day is the last day of a year. The
// calendar repeats every 400 years (146,097 days), and 1970-01-01 is day 719,468.

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (cycle, year) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    cycle * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
}

/// Returns year, month and day of the date that is `days` days after 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (cycle, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    (cycle * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanos(text: &str) -> Option<i128> {
        Timestamp::from(text).unix_nanos()
    }

    #[test]
    fn parses_rfc_3339() {
        // Each checked with `date -u -d TEXT +%s%N`.
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-11-23T13:47:05.123456789Z", 1_795_441_625_123_456_789),
            ("2026-11-23T13:47:05Z", 1_795_441_625_000_000_000),
            ("2026-11-23T13:47:05.1Z", 1_795_441_625_100_000_000),
            ("2026-11-23T13:47:05.000000001+02:00", 1_795_434_425_000_000_001),
            ("2026-11-23T13:47:05-07:30", 1_795_468_625_000_000_000),
            ("2024-02-29T23:59:59.999999999Z", 1_709_251_199_999_999_999),
            ("2000-03-01T00:00:00Z", 951_868_800_000_000_000),
            ("1969-12-31T23:59:59.5Z", -500_000_000),
            ("1900-03-01T00:00:00Z", -2_203_891_200_000_000_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000_000_000),
            ("2026-11-23t13:47:05z", 1_795_441_625_000_000_000),
        ] {
            assert_eq!(nanos(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn recognizes_never() {
        for text in
            ["", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z", "0001-01-01T01:00:00+01:00"]
        {
            let time = Timestamp::from(text);
            assert!(time.is_never(), "{text}");
            assert_eq!((time.unix_nanos(), time.system_time()), (None, None));
            assert_eq!(time.as_str(), text);
        }
        assert!(Timestamp::default().is_never());
        assert!(!Timestamp::from("0001-01-01T00:00:01Z").is_never());
    }

    #[test]
    fn rejects_invalid_timestamps() {
        for text in [
            "yesterday",
            "2026",
            "2026-11-23",
            "2026-11-23T13:47:05",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-11-31T00:00:00Z",
            "2026-11-00T00:00:00Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T13:60:00Z",
            "2026-11-23T13:47:61Z",
            "2026-11-23T13:47:05.Z",
            "2026-11-23T13:47:05Zx",
            "2026-11-23T13:47:05+0200",
            "2026-11-23T13:47:05+02",
            "+026-11-23T13:47:05Z",
            "2026-11-23T13:47:05\u{0661}Z",
        ] {
            let time = Timestamp::from(text);
            assert_eq!((time.unix_nanos(), time.system_time()), (None, None), "{text}");
            assert!(!time.is_never(), "{text}");
        }
    }

    #[test]
    fn converts_every_day_both_ways() {
        let mut expected = days_since_1970(1, 1, 1);
        for year in 1..=9999 {
            for month in 1..=12 {
                for day in 1..=days_in(year, month) {
                    assert_eq!(days_since_1970(year, month, day), expected);
                    assert_eq!(civil(expected), (year, month, day));
                    expected += 1;
                }
            }
        }
        assert_eq!(days_since_1970(1970, 1, 1), 0);
    }

    #[test]
    fn converts_to_and_from_system_time() {
        let at = |nanos: i64| match nanos {
            0.. => UNIX_EPOCH + Duration::from_nanos(nanos.unsigned_abs()),
            _ => UNIX_EPOCH - Duration::from_nanos(nanos.unsigned_abs()),
        };
        for (nanos, text) in [
            (0, "1970-01-01T00:00:00.000000000Z"),
            (1_795_441_625_123_456_789, "2026-11-23T13:47:05.123456789Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
            (-2_203_891_200_000_000_000, "1900-03-01T00:00:00.000000000Z"),
        ] {
            let time = Timestamp::from_system_time(at(nanos)).unwrap();
            assert_eq!(time.as_str(), text);
            assert_eq!(time.unix_nanos(), Some(i128::from(nanos)));
            assert_eq!(time.system_time(), Some(at(nanos)));
        }
        let year_9999 = Duration::from_secs(253_402_300_799);
        let last = Timestamp::from_system_time(UNIX_EPOCH + year_9999).unwrap();
        assert_eq!(last.as_str(), "9999-12-31T23:59:59.000000000Z");
        let after = UNIX_EPOCH + year_9999 + Duration::from_secs(1);
        assert_eq!(Timestamp::from_system_time(after), None);
    }

    #[test]
    fn keeps_the_original_string() {
        let json = r#""2026-11-23T13:47:05.1+02:00""#;
        let time: Timestamp = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&time).unwrap(), json);
        assert_eq!(time.to_string(), "2026-11-23T13:47:05.1+02:00");
    }
}
