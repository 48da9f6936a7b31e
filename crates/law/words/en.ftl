# What Candor says of an answer of the law, in English. A pack's own sentences stand in its words/ folder.

says-prohibited = prohibited
says-needs-legal-review = needs legal review
says-permitted = permitted
says-not-regulated = not regulated

basis-certified = certified text
basis-quoted = exact words from a copy, not certified
basis-reported = known by report only: certified text wanted
basis-missing = text missing: certified text wanted

layer-federal = federal law
layer-state = state law
layer-county = county law
layer-city = city law
layer-order = executive order

# The answer in one sentence.
answer-prohibited = Do not { $deed }: prohibited.
    .weak = Do not { $deed }: prohibited, text not certified.
answer-needs-legal-review = Needs legal review before you { $deed }.
    .not-loaded = Needs legal review before you { $deed }: section not loaded.
answer-permitted = To { $deed } is permitted, never required.
    .weak = To { $deed } is permitted, never required; text not certified: ask counsel first.
answer-not-regulated = To { $deed } is not regulated by the law loaded here. That is not a permission: other law may apply.
answer-still-possible = Whether to { $deed } depends on facts not given. Still possible: { $possible }.

# Labels of lines.
label-answer = answer
label-layer = layer
label-reason = because
label-words = words
label-source = source
label-fact = as
label-defines = where
label-lifts = except
label-casts-doubt = not certain
label-doubt = not certain
label-basis = basis
label-review = review
label-safe-default = safe default
label-obligation = obligation
label-unknown = unknown
label-why-not = not this
label-flip = would change it
label-depends-on = depends on
label-next = ask next
label-translation = language

# What a rule does, where the pack has no sentence of its own for it.
role-stands = { $rule } forbids it.
role-in-doubt = { $rule } forbids it, if no exception applies.
role-lifted = { $rule } forbids it, and an exception lifts that.
role-permits = { $rule } permits it.
role-lifts = { $rule } makes an exception.
role-casts-doubt = { $rule } may make an exception.
role-doubts = { $rule } leaves it in doubt.
role-defines = { $rule }: { $settles }.

source = { $layer }: { $citation }, { $title } ({ $version }, { $basis }): { $rule }
version-of = version of { $day }
version-draft = draft { $name }, never law
layer-says = { $layer }: { $says }
layer-open = { $layer }: depends on facts not given
words = “{ $words }”
fact-yes = yes
fact-no = not so: { $says }
fact-no-short = no
either = { $first }, or { $last }

doubt-unclear = { $why } ({ $citation }, { $rule })
doubt-not-loaded = Section not loaded: no section of this pack that was in force covers this.
doubt-first-day = The first day of the changed { $act } is not known: some day from { $from } to { $until }. Before it: { $earlier }; from it on: { $later }.
    .at-latest = { $day } at the latest
    .open = a day not known
doubt-conflict = The rules { $prohibition } and { $permission } of one layer contradict each other: the pack needs a lawyer.

review-none = Unreviewed: no lawyer has reviewed this law pack.
obligation = { $deed } ({ $citation })
    .within = { $deed } within { $within } ({ $citation })
unknown = Not given, and without effect here: { $facts }.

why-not-lacks = { $rule } needs: { $facts }
why-not-unless = { $rule } does not apply, because { $facts }
why-not-without-effect = { $rule } applies and changes nothing here
flip = If { $facts }: { $says }.
next = { $question } ({ $at_most })
at-most = at most some questions
    .count = { $count ->
        [one] the last question
       *[other] at most { $count } questions from here
    }
depends-on = { $fact }: { $question } { $answers }
translation-draft = This translation is a draft that nobody reviewed.
