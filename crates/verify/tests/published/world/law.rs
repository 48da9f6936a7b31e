//! A small invented law, so that a published folder is small and quick to check.
#![expect(clippy::unwrap_used, reason = "a law that does not load fails its test")]

use std::collections::BTreeMap;

use law::Pack;

const PACK: &str = r#"
id = "test"
title = "An invented law"
version = "1"
jurisdiction = "Nowhere"
layers = ["city"]
review = "none"
[sources]
book = "the book"
"#;
const FACTS: &str = r#"
[ask.hold]
says = "hold the person"
default = "Release on time."
facts = ["asked"]
[ask.notify]
says = "tell of the release"
default = "Disclose nothing."
facts = ["asked"]
[fact.asked]
question = "Is it asked?"
says = "it is asked"
"#;
const SECTION: &str = r#"+++
id = "detain"
title = "Detention"
citation = "Section 1"
act = "act"
layer = "city"
status = "certified"
source = ["book"]
from = 2000-01-01
+++
> Nobody shall hold.

```rule
[[rule]]
id = "no-hold"
effect = "forbids"
ask = ["hold"]
words = "shall hold"
when = [{ asked = true }]
```
"#;
const REPORT: &str = r#"
title = "Count"
status = "missing"
nil = "not-stated"
[due]
month = 12
day = 31
year = "same"
[[item]]
id = "requests"
citation = "Section 3"
title = "Requests"
unit = "requests"
counts = "requests"
by = ["ground"]
fields = []
[[item]]
id = "held"
citation = "Section 3"
title = "Individuals held"
unit = "individuals"
counts = "held"
by = ["authority"]
fields = []
[[item]]
id = "transferred"
citation = "Section 3"
title = "Individuals transferred"
unit = "individuals"
counts = "transferred"
fields = []
[[item]]
id = "reimbursed"
citation = "Section 3"
title = "Costs reimbursed"
unit = "cases"
counts = "reimbursed"
fields = []
"#;

/// Its files.
pub(crate) fn files() -> BTreeMap<String, String> {
    let files = [
        ("pack.toml", PACK),
        ("facts.toml", FACTS),
        ("sections/detain.md", SECTION),
        ("report.toml", REPORT),
        ("calendar.toml", "time_zone = \"America/New_York\"\n"),
    ];
    files.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}

/// The pack.
pub(crate) fn pack() -> Pack {
    let loaded = Pack::load(&files());
    loaded.map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
}
