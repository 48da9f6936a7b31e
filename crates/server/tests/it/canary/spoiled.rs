//! Mistakes.
use std::fs;

use crate::city::{City, REASON};

/// Commands that go wrong beside a canary.
pub(super) fn failing_commands(city: &City) {
    city.ok("report register --year 2022 --out draft");
    city.ok("law replay register --act trust-act@2014");
    city.ok("law replay register --pack us-tx-travis-county --json");
    let good = fs::read_to_string(city.path("first.toml")).unwrap();
    let spoiled = [
        good.replace("i-247a", "i-247b"),
        good.replace("= \"A918273645\"", "= \"A918273645\\u0007CANARY\""),
        good.replace("= \"Canarybourg\"", "= Canarybourg"),
        good.replace("= \"Canarybourg\"", "= \"Canarybourg"),
        good.replace("= \"Canarybourg\"", "= \"Canarybourg\" \"CANARYBOOK77\""),
        good.replace("= \"Canarybourg\"", "= \"Canary\\u0001bourg\""),
        good.replace("= \"Canarybourg\"", "= \"\"\"Canarybourg\nCANARYBOOK77\"\"\""),
        good.replace("= \"Canarybourg\"", "= [\"Canarybourg\"]"),
        good.replace("= \"Canarybourg\"", "= \"Canarybourg\\q\""),
        good.replace("citizenship = \"Canarybourg\"", "name = \"Canary-Okonkwo, Ngozi\""),
        good.replace("born_on = 1931-07-19", "born_on = \"1931-07-19\""),
        good.replace("born_on = 1931-07-19", "born_on = 1931-07-19T00:00"),
        good.replace("born_on = 1931-07-19", "born_on = 1931-07-19-1947-02-28"),
        good.replace("[printed]", "[printted]"),
        good.replace("citizenship =", "CANARYEVENT4471 ="),
        good.replace("citizenship = \"Canarybourg\"", "\"Canary-Ibarra, Quetzal\" = \"1\""),
        good.replace("edition =", "Canarybourg = 1\nedition ="),
        good.replace("[arrival]", "[arrival]\n\"Canaryman, Deputy\" = 1"),
        good.replace("[printed]", "[printed.CANARYBOOK77]\n[printed]"),
        good.replace("[printed]", "[CANARYBOOK77.CANARYEVENT4471]\n[printed]"),
        good.replace("[printed]", "[Canarybourg]\n[Canarybourg]\n[printed]"),
        good.replace("[printed]", "[[person]]\n\"Canary-Okonkwo, Ngozi\" = 1\n[printed]"),
        good.replace("line_a1-fax", "line_nowhere"),
        good.replace("2022-12-02T01", "2032-12-02T01"),
        good.replace("asks = [\"hold\", \"notify\"]", "asks = [\"hold\", \"hold\"]"),
    ];
    for (number, text) in spoiled.iter().enumerate() {
        assert_ne!(*text, good, "form {number} is not spoiled");
        city.write("spoiled.toml", text);
        let ran = city.run("receive register spoiled.toml --as person_officer --at 2023-01-06T10:00-05:00");
        assert_eq!(ran.code, 1, "form {number}: {}{}", ran.stdout, ran.stderr);
    }
    let third = fs::read_to_string(city.path("third.toml")).unwrap().replace("T23:30", "T23:31");
    city.write("third.toml", &third);
    let request = city.ok("receive register third.toml --json --as person_officer --at 2023-01-06T10:00-05:00");
    let request = request.split('"').nth(3).unwrap();
    let decide = format!("decide register {request} --facts first.toml --do notify=honored --as person_officer");
    city.run(&format!("{decide} --departure mistake --reason-file reason.txt --at 2023-01-06T10:00-05:00"))
        .ends_with(1);
    city.run(&format!("{decide} --departure misteak --reason-file reason.txt --at 2023-01-06T10:00-05:00"))
        .ends_with(2);
    city.run(&format!("{decide} --reason-file reason.txt --at 2023-01-06T10:00-05:00")).ends_with(2);
    city.write(
        "spoiled-commands.toml",
        &format!("[[command]]\ndo = \"decide\"\nreason = \"{REASON}\"\nask = \"holt\"\n"),
    );
    city.run("record register spoiled-commands.toml --as person_officer --at 2023-01-06T10:00-05:00").ends_with(1);
}
