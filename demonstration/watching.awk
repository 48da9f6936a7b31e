# The daily routine of the demonstration year, as record files: one a month for the lines, and one for each station.
# ./demo runs it: awk -v out=FOLDER -f watching.awk gaps.txt forms/*.toml
#
# On each day each line is tested at 08:00 and 20:00 and the tests are seen a minute later. Each station has three tours; in
# each one to three people are booked and asked for federal papers, and a zero report is signed where no request arrived.
# What went otherwise stands in gaps.txt, and which tours had a request in the forms.

BEGIN {
    split("line_a1-fax line_b2-fax line_d4-fax line_desk-mail", lines, " ")
    split("unit_a1 unit_b2 unit_d4", units, " ")
    unit_of["line_a1-fax"] = unit_of["line_desk-mail"] = "unit_a1"
    unit_of["line_b2-fax"] = "unit_b2"
    unit_of["line_d4-fax"] = "unit_d4"
    split("31 28 31 30 31 30 31 31 30 31 30 31", days_in, " ")
}

# gaps.txt
FILENAME ~ /gaps/ && /^line-down/ { down_from[$2] = $3; down_until[$2] = $4 }
FILENAME ~ /gaps/ && /^no-zero/ { silent_from[$2] = $3; silent_until[$2] = $4 }
FILENAME ~ /gaps/ && /^not-asked/ { unasked_from[$2] = $3; unasked_until[$2] = $4 }
FILENAME ~ /gaps/ && /^calls-lost/ { lost[$2 " " $3] = $4 }
FILENAME ~ /gaps/ && /^arrival/ { arrivals++; arrival_line[arrivals] = $2; arrival_at[arrivals] = $3; found[arrivals] = $4 }

# A form: the line and the local time at which the paper arrived.
/^line = / { split($0, part, "\""); line = part[2] }
/^at = / {
    split($0, part, "\"")
    day = substr(part[2], 1, 10)
    tour = int(substr(part[2], 12, 2) / 8)
    request[unit_of[line] " " day " " tour] = 1
    messages[line " " substr(day, 1, 7)]++
}

END {
    for (month = 1; month <= 12; month++) a_month(2022, month, days_in[month])
    # The first days of January, until its sheets are entered: the last hours of the year are proven by a test after them.
    entered = "2023-01-13T09:00"
    a_month(2023, 1, 13)
}

function a_month(year, month, days,    name, day, on, i) {
    name = sprintf("%d-%02d", year, month)
    file = out "/" name "-lines.toml"
    for (day = 1; day <= days; day++) {
        on = sprintf("%s-%02d", name, day)
        for (i = 1; i <= 4; i++) {
            a_test(lines[i], on, "08:01")
            a_test(lines[i], on, "20:01")
        }
    }
    for (i = 1; i <= arrivals; i++) if (substr(arrival_at[i], 1, 7) == name) an_arrival(i)
    if (year == 2022) for (i = 1; i <= 3; i++) gateway(lines[i], year, month)
    close(file)
    for (i = 1; i <= 3; i++) {
        file = out "/" name "-" units[i] ".toml"
        for (day = 1; day <= days; day++) a_day(units[i], i, sprintf("%s-%02d", name, day), day)
        close(file)
    }
}

function a_test(line, on, time) {
    if (down_from[line] <= on "T" time && on "T" time < down_until[line]) return
    if (entered != "" && on "T" time > entered) return
    messages[line " " substr(on, 1, 7)]++
    command("see-line-test")
    text("line", line)
    text("seen_at", at(on, time))
}

function an_arrival(i) {
    messages[arrival_line[i] " " substr(arrival_at[i], 1, 7)]++
    command("note-arrival")
    text("id", "arr_" i)
    text("line", arrival_line[i])
    text("at", at(substr(arrival_at[i], 1, 10), substr(arrival_at[i], 12)))
    if (found[i] == "unread") return
    command("read-arrival")
    text("arrival", "arr_" i)
    text("found", found[i])
}

# What the gateway counts is all that arrived, and the calls of which nobody knows.
function gateway(line, year, month,    name, next_month) {
    name = sprintf("%d-%02d", year, month)
    next_month = month == 12 ? sprintf("%d-01", year + 1) : sprintf("%d-%02d", year, month + 1)
    command("count-gateway")
    text("line", line)
    text("source", "gateway")
    text("from", at(name "-01", "00:00"))
    text("until", at(next_month "-01", "00:00"))
    number("counted", messages[line " " name] + lost[line " " name])
}

function a_day(unit, which, on, day,    tour, begins, ends, made, n, asked) {
    for (tour = 0; tour < 3; tour++) {
        begins = sprintf("%02d:00", tour * 8)
        ends = sprintf("%02d:00", tour * 8 + 8)
        if (entered != "" && on "T" ends > entered) return
        made = 1 + (day * 5 + tour * 3 + which) % 3
        for (n = 1; n <= made; n++) {
            command("answer-booking")
            text("unit", unit)
            text("at", at(on, sprintf("%02d:%02d", tour * 8, n * 15)))
            asked = !(tour == 0 && unasked_from[unit] <= on && on < unasked_until[unit])
            text("federal_paper", !asked ? "not-asked" : n == 1 && request[unit " " on " " tour] ? "yes" : "no")
        }
        command("count-bookings")
        text("unit", unit)
        text("tour", on "T" begins)
        number("made", made)
        if (request[unit " " on " " tour]) continue
        if (silent_from[unit] <= on && on < silent_until[unit]) continue
        command("report-zero")
        text("unit", unit)
        text("tour", on "T" begins)
    }
}

# Local time with its offset: summer time from 13 March until 6 November 2022, each at 02:00. No time between 01:00 and 03:00 of
# those nights is used here.
function at(on, time,    when) {
    when = on "T" time
    return when ("2022-03-13T03:00" <= when && when < "2022-11-06T01:00" ? "-04:00" : "-05:00")
}

function command(name) { printf "[[command]]\ndo = \"%s\"\n", name > file }
function text(key, value) { printf "%s = \"%s\"\n", key, value > file }
function number(key, value) { printf "%s = %d\n", key, value > file }
