//! A small city in a folder of its own: its forms, its year, and the real `candor` that is run in it.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use crate::folder::{self, Files};

/// A folder in which commands are run. It is removed with the value.
pub(crate) struct City {
    folder: tempfile::TempDir,
    /// What the commands take for the system's temporary folder, at a time long past: whatever is made in it gives it another.
    temporary: tempfile::TempDir,
    /// All that the commands said so far, failing ones too.
    said: RefCell<Vec<u8>>,
    /// What commands find in their environment beside what the tests have.
    environment: RefCell<Vec<(&'static str, PathBuf)>>,
}

/// What a command came to.
pub(crate) struct Ran {
    /// The line it was run with.
    pub(crate) line: String,
    /// Its exit code.
    pub(crate) code: i32,
    /// What it printed.
    pub(crate) stdout: String,
    /// What it complained about.
    pub(crate) stderr: String,
}

/// A form, before it is written down: what differs between the papers of the small year.
struct Form {
    file: &'static str,
    line: &'static str,
    arrived: &'static str,
    issued: &'static str,
    ground: &'static str,
    printed: &'static str,
}

/// The small year. Two papers are about one person, one prints no number, one prints no person.
const FORMS: &[Form] = &[
    Form {
        file: "first.toml",
        line: "line_a1-fax",
        arrived: "2022-12-02T01:40:00-05:00",
        issued: "2022-12-01",
        ground: "biometric-match",
        printed: "subject_id = \"CANARY-SUBJECT-31\"\nevent_number = \"CANARYEVENT4471\"\nfile_number = \"A918273645\"\n\
                  name = \"Canary-Ibarra, Quetzal\"\nborn_on = 1931-07-19\ncitizenship = \"Canarybourg\"\n\
                  officer = \"Canaryman, Deputy\"\nphone = \"555-0142-CANARY\"\nbooking_number = \"CANARYBOOK77\"\n\
                  charge = \"canary smuggling\"",
    },
    Form {
        file: "second.toml",
        line: "line_b2-mail",
        arrived: "2022-12-05T10:00:00-05:00",
        issued: "2022-12-04",
        ground: "final-order",
        printed: "file_number = \"A918273645\"\nname = \"CANARY IBARRA, Q.\"",
    },
    Form {
        file: "third.toml",
        line: "line_a1-fax",
        arrived: "2022-12-09T23:30:00-05:00",
        issued: "2022-12-09",
        ground: "biometric-match",
        printed: "name = \"Canary-Okonkwo, Ngozi\"\nborn_on = 1947-02-28",
    },
    Form {
        file: "fourth.toml",
        line: "line_b2-mail",
        arrived: "2022-12-20T08:15:00-05:00",
        issued: "2022-12-19",
        ground: "pending-proceedings",
        printed: "officer = \"Canaryman, Deputy\"",
    },
];

/// The reason typed for a departure, which stays sealed.
pub(crate) const REASON: &str = "the canary sang at the counter before Canary-Ibarra was asked";

/// Commands that open the agency, its stations and lines.
pub(crate) const SETUP: &str = r#"
[[command]]
do = "register-agency"
id = "agency_police"
name = "Exampleton Police"

[[command]]
do = "open-unit"
id = "unit_a1"
agency = "agency_police"
name = "District A-1"
from = 2022-01-01

[[command]]
do = "open-line"
id = "line_a1-fax"
unit = "unit_a1"
channel = "fax"
name = "District A-1, fax"
from = 2022-01-01

[[command]]
do = "open-line"
id = "line_b2-mail"
unit = "unit_a1"
channel = "email"
name = "Central mailbox"
from = 2022-01-01
"#;

const LONG_PAST: SystemTime = SystemTime::UNIX_EPOCH;

impl City {
    /// An empty folder.
    pub(crate) fn empty() -> City {
        let temporary = tempfile::tempdir().unwrap();
        fs::File::open(temporary.path()).unwrap().set_modified(LONG_PAST).unwrap();
        City {
            folder: tempfile::tempdir().unwrap(),
            temporary,
            said: RefCell::default(),
            environment: RefCell::default(),
        }
    }

    /// A demonstration register in `register`, opened on 1 December 2022, with its lines; no paper yet.
    pub(crate) fn opened() -> City {
        let city = City::empty();
        city.write("setup.toml", SETUP);
        city.ok("init register --pack us-ma-boston --demonstration --as person_clerk --at 2022-12-01T09:00-05:00");
        city.ok("record register setup.toml --as person_clerk --at 2022-12-01T09:10-05:00");
        city
    }

    /// The small year until 21 December: four papers, decisions on two of them, one departure, a hold, a transfer and a
    /// reimbursement. Gives the ids of the requests, in the order of their arrival.
    pub(crate) fn with_papers() -> (City, Vec<String>) {
        let city = City::opened();
        for form in FORMS {
            city.write(form.file, &form.text());
        }
        let mut requests = city.receive("first.toml", "2022-12-02T02:00-05:00");
        city.decide(&requests[0], "hold=declined", "2022-12-02T02:05-05:00");
        city.write("reason.txt", REASON);
        let reason = "notify=honored --departure mistake --reason-file reason.txt".to_owned();
        city.decide(&requests[0], &reason, "2022-12-02T02:10-05:00");
        city.outcome(&requests[0], "released-bail", "2022-12-02T03:00-05:00");
        city.ok("grow register --as person_clerk --at 2022-12-04T09:00-05:00");
        requests.extend(city.receive("second.toml third.toml", "2022-12-10T00:10-05:00"));
        city.decide(&requests[1], "hold=declined --do notify=declined", "2022-12-10T00:20-05:00");
        city.outcome(&requests[1], "transferred --authority detainer-alone", "2022-12-10T08:00-05:00");
        requests.extend(city.receive("fourth.toml", "2022-12-20T09:00-05:00"));
        city.write("hold.toml", &hold_and_cost(&requests[2]));
        city.ok("record register hold.toml --as person_officer --at 2022-12-21T09:00-05:00");
        (city, requests)
    }

    /// The small year told to its end: the provisional letter, the closing report, `published`, and an auditor's bag.
    pub(crate) fn with_year_filed() -> City {
        let (city, _) = City::with_papers();
        city.ok("grow register --as person_clerk --at 2022-12-30T15:00-05:00");
        city.ok("file register --year 2022 --as person_clerk --at 2022-12-30T15:00-05:00");
        city.ok("file register --year 2022 --as person_clerk --at 2023-01-05T10:00-05:00");
        city.ok("publish register --to published");
        city.ok("audit bag register --out bag");
        city
    }

    /// A path in the city's folder.
    pub(crate) fn path(&self, inner: &str) -> PathBuf {
        self.folder.path().join(inner)
    }

    /// Writes a file into the city's folder.
    pub(crate) fn write(&self, inner: &str, text: &str) {
        let path = self.path(inner);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// All files under a folder of the city.
    pub(crate) fn files(&self, inner: &str) -> Files {
        folder::files(&self.path(inner))
    }

    /// All that the commands said so far.
    pub(crate) fn said(&self) -> Vec<u8> {
        self.said.borrow().clone()
    }

    /// From now on commands find a path of the city in their environment.
    pub(crate) fn tells(&self, variable: &'static str, inner: &str) {
        self.environment.borrow_mut().push((variable, self.path(inner)));
    }

    /// Whether anything was ever made in the system's temporary folder, even if it is gone again.
    pub(crate) fn used_temporary_folder(&self) -> bool {
        fs::metadata(self.temporary.path()).unwrap().modified().unwrap() != LONG_PAST
    }

    /// Runs `candor` with the words of a line; a word with spaces stands in single quotes.
    pub(crate) fn run(&self, line: &str) -> Ran {
        let mut command = candor(self.folder.path(), line);
        command.envs(self.environment.borrow().iter().cloned());
        command
            .env("TMPDIR", self.temporary.path())
            .env("SQLITE_TMPDIR", self.temporary.path())
            .env("RUST_BACKTRACE", "full");
        let output = command.output().unwrap();
        let mut said = self.said.borrow_mut();
        said.extend(&output.stdout);
        said.extend(&output.stderr);
        Ran {
            line: line.to_owned(),
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command that must succeed and gives what it printed.
    pub(crate) fn ok(&self, line: &str) -> String {
        self.run(line).ends_with(0).stdout
    }

    /// Events recorded in `register`, as the store counts them.
    pub(crate) fn events(&self) -> i64 {
        let store = rusqlite::Connection::open(self.path("register/register.sqlite")).unwrap();
        store.query_row("SELECT count(*) FROM event", [], |row| row.get(0)).unwrap()
    }

    fn receive(&self, forms: &str, at: &str) -> Vec<String> {
        let printed = self.ok(&format!("receive register {forms} --as person_officer --at {at}"));
        let ids = printed.lines().filter_map(|line| line.strip_prefix("registered ")?.split(' ').next());
        ids.map(str::to_owned).collect()
    }

    fn decide(&self, request: &str, what: &str, at: &str) {
        let facts = repository().join("demonstration/facts/bail-posted.toml");
        self.ok(&format!(
            "decide register {request} --facts '{}' --do {what} --as person_officer --at {at}",
            facts.display()
        ));
    }

    fn outcome(&self, request: &str, what: &str, at: &str) {
        self.ok(&format!("outcome register {request} {what} --when {at} --as person_officer --at {at}"));
    }
}

impl Ran {
    /// Fails unless the command ended with this code.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Ran {
        let Ran { line, code: ended, stdout, stderr } = &self;
        assert_eq!(*ended, code, "candor {line}\n{stdout}{stderr}");
        self
    }

    /// Fails unless the command complained of this.
    #[track_caller]
    pub(crate) fn complains_of(self, what: &str) -> Ran {
        assert!(self.stderr.contains(what), "candor {}\nshould say: {what}\nsays: {}", self.line, self.stderr);
        self
    }
}

impl Form {
    fn text(&self) -> String {
        let Form { line, arrived, issued, ground, printed, .. } = self;
        format!(
            "form = \"i-247a\"\nedition = \"02/17\"\nissued_on = {issued}\ncomponent = \"ero\"\n\
             asks = [\"hold\", \"notify\"]\ngrounds = [\"{ground}\"]\nattached = [\"i-200\"]\n\n\
             [arrival]\nline = \"{line}\"\nat = \"{arrived}\"\n\n[printed]\n{printed}\n"
        )
    }
}

/// `candor` with the words of a line, to be run in `folder`.
pub(crate) fn candor(folder: &Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_candor"));
    command.current_dir(folder).args(words(line)).stdin(Stdio::null());
    command
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

fn words(line: &str) -> Vec<String> {
    // Every second piece between quotes is one word as it stands.
    let pieces = line.split('\'').enumerate();
    pieces
        .flat_map(|(index, piece)| match index % 2 {
            0 => piece.split_whitespace().map(str::to_owned).collect(),
            _ => vec![piece.to_owned()],
        })
        .collect()
}

fn hold_and_cost(request: &str) -> String {
    format!(
        "[[command]]\ndo = \"hold\"\nrequest = \"{request}\"\nauthority = \"detainer-alone\"\n\
         at = \"2022-12-10T04:00:00-05:00\"\n\n\
         [[command]]\ndo = \"reimburse\"\nrequest = \"{request}\"\ncents = 12345\non = 2022-12-19\n\n\
         [[command]]\ndo = \"outcome\"\nrequest = \"{request}\"\noutcome = \"taken-to-court\"\n\
         at = \"2022-12-10T09:00:00-05:00\"\n"
    )
}
