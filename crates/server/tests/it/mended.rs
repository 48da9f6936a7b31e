//! What a review found, each as it was found: cuts at bad moments, folders that must not meet, and files that nobody
//! expected.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use crate::city::City;
use crate::crash::{jail, kill, table};
use crate::folder;

const INIT: &str = "--pack us-ma-boston --demonstration --as person_clerk --at 2022-12-01T09:00-05:00";

#[test]
fn a_letter_that_was_cut_short_before_new_year_does_not_stop_publishing_for_ever() {
    let (city, _) = City::with_papers();
    city.ok("file register --year 2022 --as person_clerk --at 2022-12-30T15:00-05:00");
    let own = city.path("register/filed/filings/2022/provisional/filing");
    let whole = fs::read(&own).unwrap();
    // As if the power had failed once the letter was recorded, and its own opening not yet written.
    fs::remove_file(&own).unwrap();
    city.run("publish register --to published").ends_with(1).complains_of("run `candor file` for its year again");
    let said = city.ok("file register --year 2022 --as person_clerk --at 2023-01-05T10:00-05:00");
    assert!(said.starts_with("restored `filed/filings/2022/provisional/filing`"), "{said}");
    assert!(said.contains("filed the closing report for 2022"), "{said}");
    assert_eq!(fs::read(&own).unwrap(), whole);
    city.ok("publish register --to published");
    city.ok("verify published --key register/log.vkey");
}

#[test]
fn a_filed_file_that_is_lost_or_altered_is_not_published() {
    let city = City::with_year_filed();
    let before = folder::files(&city.path("published"));
    for name in ["filings/2022/report.html", "filings/2022/provisional/report.json", "openings/2022/counts-as"] {
        let kept = city.path(&format!("register/filed/{name}"));
        let whole = fs::read(&kept).unwrap();
        fs::remove_file(&kept).unwrap();
        city.run("publish register --to published").ends_with(1).complains_of("put it back from a backup");
        fs::write(&kept, [whole.as_slice(), b" "].concat()).unwrap();
        let ran = city.run("publish register --to published").ends_with(1);
        ran.complains_of(&format!("`{name}` in the register's folder is not the file that was filed"));
        assert_eq!(folder::files(&city.path("published")), before, "{name}: nothing is published by halves");
        // As the message says: from the published folder.
        fs::copy(city.path(&format!("published/{name}")), &kept).unwrap();
        city.ok("publish register --to published");
    }
    city.ok("verify published --key register/log.vkey");
}

#[test]
fn filing_what_is_filed_already_says_what_it_restored() {
    let city = City::with_year_filed();
    let line = "file register --year 2022 --as person_clerk --at 2023-01-06T10:00-05:00";
    fs::remove_file(city.path("register/filed/filings/2022/filing")).unwrap();
    let ran = city.run(line).ends_with(1).complains_of("is filed already");
    assert!(ran.stdout.starts_with("restored `filed/filings/2022/filing`"), "{}", ran.stdout);
    assert_eq!(city.run(line).ends_with(1).stdout, "", "nothing is missing any more");
}

#[test]
fn a_filing_that_the_checkpoint_does_not_cover_is_not_published() {
    let city = City::with_year_filed();
    {
        let store = rusqlite::Connection::open(city.path("register/register.sqlite")).unwrap();
        // As a writer leaves it between the commit of the filing and the signature.
        store.execute_batch("DROP TRIGGER checkpoint_is_kept").unwrap();
        let last = "DELETE FROM signed_checkpoint WHERE size = (SELECT max(size) FROM signed_checkpoint)";
        assert_eq!(store.execute(last, []).unwrap(), 1);
    }
    city.ok("publish register --to early");
    let files = city.files("early");
    assert!(files.contains_key("filings/2022/provisional/filing"), "the letter is covered");
    assert!(!files.contains_key("filings/2022/filing"), "the closing report is not covered");
    city.ok("verify early --key register/log.vkey");
}

#[test]
fn a_partial_tile_stays_until_its_full_tile_is_there() {
    let city = jail();
    let partial = |width| format!("published/tile/0/000.p/{width}");
    for day in ["10", "11"] {
        city.ok(&format!("grow register --as person_clerk --at 2013-01-{day}T08:00-06:00"));
        city.ok("publish register --to published");
    }
    for kind in ["0", "entries"] {
        let widths: Vec<u64> = partial_widths(&city, kind);
        assert!(widths.len() == 2 && widths[0] < widths[1], "{kind}: {widths:?}");
    }
    // What is no beginning of the present tile is of no tree that was ever signed here.
    city.write(&partial(7), "of another tree");
    city.ok("publish register --to published");
    assert!(!city.path(&partial(7)).exists());
    city.write("large.csv", &table(150));
    let mapping = crate::city::repository().join("mappings/us-tx-travis-county.toml");
    city.ok(&format!(
        "import register large.csv --mapping '{}' --no-law --as person_clerk --at 2013-01-12T08:00-06:00",
        mapping.display()
    ));
    city.ok("grow register --as person_clerk --at 2013-01-13T08:00-06:00");
    city.ok("publish register --to published");
    for kind in ["0", "entries"] {
        assert!(city.path(&format!("published/tile/{kind}/000")).is_file());
        assert!(!city.path(&format!("published/tile/{kind}/000.p")).exists());
    }
    city.ok("verify published --key register/log.vkey");
}

#[test]
fn half_files_of_a_cut_go_when_publishing_comes_again_and_no_others() {
    let city = City::with_year_filed();
    folder::copy(&city.path("published"), &city.path("whole"));
    let parts = [
        "checkpoint.part",
        "tile/0/000.p/16.part",
        "tile/entries/x001/000.part",
        "openings/2022/counts-as.part",
        "filings/2031/filing.part",
        "law/some/pack.toml.part",
    ];
    for part in parts {
        city.write(&format!("published/{part}"), "half");
    }
    city.write("published/notes.part", "of somebody else");
    city.ok("publish register --to published");
    let mut files = city.files("published");
    assert!(files.remove("notes.part").is_some(), "a file of somebody else was removed");
    assert!(files == city.files("whole"), "the folder is not what it was");
}

#[test]
fn the_register_and_what_is_public_never_hold_one_another() {
    let city = City::with_year_filed();
    symlink(city.path("register"), city.path("link")).unwrap();
    // SQLite lays its shared memory and an empty log beside the file.
    let paths = || city.files("register").into_keys().filter(|path| !path.contains(".sqlite-")).collect::<Vec<_>>();
    let before = paths();
    for to in ["register", "register/public", ".", "link/public", "new/../register", "published/../register/x/y"] {
        city.run(&format!("publish register --to {to}"))
            .ends_with(1)
            .complains_of("hint: choose a folder beside the register");
        assert_eq!(paths(), before, "publishing to {to} changed the register");
    }
    assert!(!city.path("new").exists() && !city.path("tile").exists());
    city.ok("publish link --to published");
}

#[test]
fn a_published_log_is_not_published_over_with_an_older_or_another_one() {
    let city = City::with_year_filed();
    folder::copy(&city.path("register"), &city.path("backup"));
    let other = City::opened();
    other.ok("grow register --as person_clerk --at 2022-12-02T09:00-05:00");
    folder::copy(&other.path("register"), &city.path("other"));
    city.ok(&format!("init third --origin third.example/log {INIT}"));
    city.ok("grow third --as person_clerk --at 2022-12-02T09:00-05:00");

    city.ok("publish other --to others");
    folder::copy(&city.path("others"), &city.path("shorter"));
    city.ok("grow register --as person_clerk --at 2023-01-09T09:00-05:00");
    city.ok("publish register --to published");
    city.write("spoilt/checkpoint", "no note\n");
    for (line, says) in [
        ("publish backup --to published", "it is an older state of the log (hint: restore the newest backup"),
        ("publish other --to published", "it is an older state of the log (hint: restore the newest backup"),
        ("publish register --to shorter", "leaves of this register are not the ones published in `shorter`"),
        ("publish third --to published", "hint: publish each log to a folder of its own"),
        ("publish register --to spoilt", "`spoilt/checkpoint` is no checkpoint (hint: "),
    ] {
        let to = line.rsplit(' ').next().unwrap();
        let before = city.files(to);
        city.run(line).ends_with(1).complains_of(says);
        assert!(city.files(to) == before, "{line} changed what is published");
    }
}

#[test]
fn a_bag_is_for_its_owner_only_whatever_a_cut_left_behind() {
    let city = City::with_year_filed();
    for left in ["bag.part", "bag"] {
        city.write(left, "half");
        fs::set_permissions(city.path(left), fs::Permissions::from_mode(0o666)).unwrap();
    }
    city.ok("audit bag register --out bag");
    assert_eq!(mode(&city.path("bag")), 0o600);
    assert!(!city.path("bag.part").exists());
    city.ok("verify published --key register/log.vkey --bag bag");
}

#[test]
fn a_log_key_that_others_may_read_is_refused() {
    let city = City::opened();
    fs::set_permissions(city.path("register/secrets/log.key"), fs::Permissions::from_mode(0o640)).unwrap();
    city.run("grow register --as person_clerk --at 2022-12-02T09:00-05:00")
        .ends_with(1)
        .complains_of("may be used by others, mode 640 (hint: `chmod 600 register/secrets/log.key`)");
}

#[test]
fn a_register_is_made_in_a_new_or_empty_folder_only() {
    let city = City::empty();
    city.write("some/letter.txt", "not a register");
    city.write("file", "a file");
    for (dir, says) in [
        ("some", "`some` is not empty (hint: choose a new or empty folder)"),
        ("file", "hint: choose a new or empty folder"),
        (".", "is not empty"),
    ] {
        city.run(&format!("init {dir} {INIT}")).ends_with(1).complains_of(says);
    }
    assert_eq!(city.files(".").into_keys().collect::<Vec<_>>(), ["file", "some/letter.txt"]);
    fs::create_dir(city.path("empty")).unwrap();
    symlink("empty", city.path("link")).unwrap();
    for dir in ["link", "deep/new/register"] {
        city.ok(&format!("init {dir} {INIT}"));
        city.ok(&format!("grow {dir} --as person_clerk --at 2022-12-02T09:00-05:00"));
    }
    assert!(city.path("empty/register.sqlite").is_file());
    assert_eq!(mode(&city.path("empty")), 0o700);
    city.run(&format!("init bad --origin 'two words' {INIT}"))
        .ends_with(1)
        .complains_of("`two words/demonstration` cannot be a log's origin");
    assert!(!city.path("bad").exists() && !city.path("bad.part").exists(), "a register that was not made is left over");
}

/// When the making of a register is killed: once this file beside its place has so many bytes.
const INIT_POINTS: &[(&str, u64)] = &[
    ("register.part/secrets/master.key", 1),
    ("register.part/keys.sqlite", 1),
    ("register.part/secrets/log.key", 1),
    ("register.part/law", 1),
    ("register.part/register.sqlite", 1),
    ("register.part/register.sqlite-wal", 1),
    ("register/register.sqlite", 1),
];

#[test]
fn a_register_whose_making_was_killed_is_whole_or_not_there() {
    for (file, size) in INIT_POINTS {
        let city = City::empty();
        let point = format!("killed when {file} had {size} bytes");
        kill(&city, &format!("init register {INIT}"), &format!("../{file}"), *size);
        if !city.path("register").exists() {
            if city.path("register.part").exists() {
                city.run(&format!("init register {INIT}")).ends_with(1).complains_of("remove it and try again");
                fs::remove_dir_all(city.path("register.part")).unwrap();
            }
            city.ok(&format!("init register {INIT}"));
        }
        assert!(!city.path("register.part").exists(), "{point}");
        city.ok("grow register --as person_clerk --at 2022-12-02T09:00-05:00");
    }
}

#[test]
fn what_is_neither_file_nor_folder_in_a_published_folder_breaks_a_promise() {
    let city = City::with_year_filed();
    let published = city.path("published");
    symlink("checkpoint", published.join("tile/link")).unwrap();
    symlink("nowhere", published.join("dangling")).unwrap();
    symlink("/", published.join("law/above")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(published.join("socket")).unwrap();
    fs::write(published.join(OsStr::from_bytes(b"name\xff\n")), "").unwrap();
    fs::create_dir(published.join(OsStr::from_bytes(b"folder\xfe"))).unwrap();
    let ran = city.run("verify published --key register/log.vkey").ends_with(1);
    for (place, what) in [
        ("tile/link", "it is neither a file nor a folder"),
        ("dangling", "it is neither a file nor a folder"),
        ("law/above", "it is neither a file nor a folder"),
        ("socket", "it is neither a file nor a folder"),
        ("name\\xff\\n", "its name is no UTF-8"),
        ("folder\\xfe", "its name is no UTF-8"),
    ] {
        let finding = format!("BROKEN: every file is accounted for\n  at     {place}\n  found  {what}\n");
        assert!(ran.stdout.contains(&finding), "{place}: {}", ran.stdout);
    }
    // Whoever publishes has to look at them first.
    city.run("publish register --to published").ends_with(1).complains_of("(hint: move it away)");
}

#[test]
fn an_older_checkpoint_that_is_none_cannot_be_read_and_one_of_another_log_is_broken() {
    let (city, other) = (City::with_year_filed(), City::opened());
    other.ok("grow register --as person_clerk --at 2022-12-02T09:00-05:00");
    other.ok("publish register --to published");
    fs::copy(other.path("published/checkpoint"), city.path("others")).unwrap();
    let whole = fs::read_to_string(city.path("published/checkpoint")).unwrap();
    city.write("cut", &whole[..whole.len() / 2]);
    city.write("no-checkpoint", "just a text\n");
    city.write("no-size", &whole.replacen('\n', "\nmany\n", 1));
    for since in ["cut", "no-checkpoint", "no-size"] {
        let ran = city.run(&format!("verify published --key register/log.vkey --since {since}"));
        let ran = ran.ends_with(2).complains_of(&format!("`{since}` is no checkpoint"));
        assert_eq!(ran.stdout, "");
    }
    let ran = city.run("verify published --key register/log.vkey --since others").ends_with(1);
    assert!(ran.stdout.contains("BROKEN: the log still holds all it held"), "{}", ran.stdout);
}

#[test]
fn a_folder_that_does_not_fit_the_memory_is_refused_before_it_is_read() {
    let city = City::opened();
    for number in 0..9 {
        // Nothing but holes: it takes no room on the disk.
        city.write(&format!("published/{number}"), "");
        let file = fs::File::options().write(true).open(city.path(&format!("published/{number}"))).unwrap();
        file.set_len(1 << 30).unwrap();
    }
    city.run("verify published --key register/log.vkey").ends_with(2).complains_of("8589934592 bytes together");
}

#[test]
fn a_paper_whose_number_is_malformed_is_registered_as_printed() {
    let city = City::opened();
    let form = |number: &str| {
        format!(
            "form = \"i-247a\"\ncomponent = \"ero\"\nasks = [\"hold\"]\n\n[arrival]\nline = \"line_a1-fax\"\n\
             at = \"2022-12-01T10:00:00-05:00\"\n\n[printed]\nfile_number = \"{number}\"\n"
        )
    };
    for (index, number) in ["A12", "none given", "AAAA012345678", "A0123456789012"].into_iter().enumerate() {
        city.write(&format!("{index}.toml"), &form(number));
    }
    let line = "receive register 0.toml 1.toml 2.toml 3.toml --as person_officer --at 2022-12-02T09:00-05:00";
    assert_eq!(city.ok(line).lines().count(), 4);
    city.write("typing.toml", &form("A12\\u0007"));
    city.run("receive register typing.toml --as person_officer --at 2022-12-02T09:00-05:00")
        .ends_with(1)
        .complains_of("typing.toml:10: `file_number` is longer than 500 bytes or not one line");
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The widths of the partial tiles at the beginning of a level, in order.
fn partial_widths(city: &City, kind: &str) -> Vec<u64> {
    let files = city.files(&format!("published/tile/{kind}/000.p"));
    let mut widths: Vec<u64> = files.into_keys().map(|width| width.parse().unwrap()).collect();
    widths.sort_unstable();
    widths
}
