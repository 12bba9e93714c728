//! Checksums.

use sha2::{Digest as _, Sha256};

/// CRC-16/X-25 (ITU-T X.25): Zigbee's install codes.
pub(crate) fn crc16_x25(bytes: &[u8]) -> u16 {
    crc16(bytes, 0x8408) ^ 0xffff
}

/// CRC-16/MODBUS: LoRaWAN's device codes.
pub(crate) fn crc16_modbus(bytes: &[u8]) -> u16 {
    crc16(bytes, 0xa001)
}

fn crc16(bytes: &[u8], polynomial: u16) -> u16 {
    bytes.iter().fold(0xffff_u16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ polynomial } else { crc >> 1 }
        })
    })
}

/// CRC-24 of OpenPGP (RFC 9580, section 6.1).
pub(crate) fn crc24(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x00b7_04ce_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte) << 16, |crc, _| {
            let next = crc << 1;
            if next & 0x0100_0000 == 0 { next } else { next ^ 0x0186_4cfb }
        })
    }) & 0x00ff_ffff
}

/// CRC-32 (ISO-HDLC).
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}

/// The first bytes of SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check values of the catalogue of parametrised CRC algorithms.
    #[test]
    fn the_check_values() {
        assert_eq!(crc16_x25(b"123456789"), 0x906e);
        assert_eq!(crc16_modbus(b"123456789"), 0x4b37);
        assert_eq!(crc24(b"123456789"), 0x0021_cf02);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
