//! Groups of three in co-mentoring.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Whether students who would be left over may be in groups of three. In TOML `triads = true`, or the greatest
/// number of them: `triads = 2`. There are never more than the coverage needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Triads {
    /// Pairs only.
    #[default]
    Off,
    /// As many as the coverage needs.
    AsNeeded,
    /// As many as the coverage needs, and no more than this.
    AtMost(u32),
}

impl Triads {
    /// The greatest number among so many students.
    #[must_use]
    pub fn limit(self, students: usize) -> usize {
        match self {
            Self::Off => 0,
            Self::AsNeeded => students / 3,
            Self::AtMost(most) => (most as usize).min(students / 3),
        }
    }

    pub(super) fn is_off(&self) -> bool {
        *self == Self::Off
    }
}

impl Serialize for Triads {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Off => serializer.serialize_bool(false),
            Self::AsNeeded => serializer.serialize_bool(true),
            Self::AtMost(most) => serializer.serialize_u32(most),
        }
    }
}

impl<'de> Deserialize<'de> for Triads {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Given;

        impl Visitor<'_> for Given {
            type Value = Triads;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`triads` as true, false or the greatest number of them")
            }

            fn visit_bool<E>(self, on: bool) -> Result<Triads, E> {
                Ok(if on { Triads::AsNeeded } else { Triads::Off })
            }

            fn visit_i64<E: serde::de::Error>(self, most: i64) -> Result<Triads, E> {
                let most = u32::try_from(most)
                    .map_err(|_| E::invalid_value(serde::de::Unexpected::Signed(most), &self))?;
                Ok(Triads::AtMost(most))
            }

            fn visit_u64<E: serde::de::Error>(self, most: u64) -> Result<Triads, E> {
                let most = u32::try_from(most)
                    .map_err(|_| E::invalid_value(serde::de::Unexpected::Unsigned(most), &self))?;
                Ok(Triads::AtMost(most))
            }
        }

        deserializer.deserialize_any(Given)
    }
}
