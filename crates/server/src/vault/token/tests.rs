use cryptoki::context::Function;

use super::*;
use crate::store::tests::{check_says, no};

const DESCRIPTION: &str = "library = \"/usr/lib/maker.so\"\ntoken = \"candor\"\nkey = \"vault \\\"1\\\"\"\n";

fn token() -> Token {
    Token {
        library: PathBuf::from("/usr/lib/maker.so"),
        token: "candor".to_owned(),
        key: "vault \"1\"".to_owned(),
        pin_file: None,
    }
}

#[test]
fn what_is_sealed_is_read_as_it_was_written() {
    let with_file = Token { pin_file: Some(PathBuf::from("/etc/candor/pin")), ..token() };
    for token in [token(), with_file] {
        let sealed = Sealed { token, bytes: (0..60).collect() };
        let read = Sealed::held_in(Path::new("master.key"), sealed.text().as_bytes()).unwrap().unwrap();
        assert_eq!(read, sealed);
    }
    let home = tempfile::TempDir::new().unwrap();
    fs::write(home.path().join("token.toml"), DESCRIPTION).unwrap();
    assert_eq!(Token::read(&home.path().join("token.toml")).unwrap(), token());
}

#[test]
fn a_master_key_that_lies_open_is_taken_for_nothing_else() {
    let not: [&[u8]; 4] = [b"", b"sealed", b"it is sealed in thirty-two bytes", &[0xff; 60]];
    for bytes in not {
        assert!(Sealed::held_in(Path::new("master.key"), bytes).is_none());
    }
}

/// Tokens lock themselves; SoftHSM does not, so these are tried without one.
#[test]
fn a_token_that_is_locked_or_would_be_is_not_tried() {
    let token = token();
    token.may_try(false, false).unwrap();
    check_says(&no(token.may_try(true, false)), &["the token `candor` is locked after wrong PINs (hint: "]);
    check_says(
        &no(token.may_try(false, true)),
        &["one more wrong PIN locks the token `candor`, so it is not tried (hint: "],
    );
    check_says(&no(token.may_try(true, true)), &["is locked"]);
    let cases: [(RvError, &[&str]); 7] = [
        (RvError::PinIncorrect, &["the PIN in the credential `candor-token-pin` is not the one", "hint: "]),
        (RvError::PinLenRange, &["is not the one of token `candor`"]),
        (RvError::PinLocked, &["the token `candor` is locked after wrong PINs (hint: "]),
        (RvError::PinExpired, &["the PIN of token `candor` has expired (hint: "]),
        (RvError::UserPinNotInitialized, &["the token `candor` has no PIN yet (hint: "]),
        (RvError::DeviceRemoved, &["failed to log in to token `candor`: CKR_DEVICE_REMOVED (hint: "]),
        (RvError::VendorDefined(7), &["CKR_VENDOR_DEFINED(7)"]),
    ];
    for (code, says) in cases {
        check_says(&token.no_entry(&Error::Pkcs11(code, Function::Login)).to_string(), says);
    }
}
