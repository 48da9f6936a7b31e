//! The closed lists of what can be said of a request after its first arrival.

use crate::words::words;

words!(/// Why a request counts otherwise than when it was registered.
    Recount, "cause of a recount" {
    /// It is another arrival of a request that was registered apart.
    Duplicate = "duplicate",
    /// It first arrived in another year than was recorded.
    MovedPeriod = "moved-period",
    /// Its form was recorded wrongly.
    FormCorrected = "form-corrected",
    /// It replaces an earlier request.
    Superseding = "superseding",
    /// It was taken for a duplicate and is none.
    WithdrawnInError = "withdrawn-in-error",
});

words!(/// Why what is told of a request is shown in totals only.
    Shield, "cause of a shield" {
    /// The person is a minor.
    Minor = "minor",
    /// The arrest was for domestic violence.
    DomesticViolence = "domestic-violence",
    /// A court ordered it.
    CourtOrder = "court-order",
});

words!(/// What stands on a paper, field by field, as form files call it.
    PaperField, "field of a paper" {
    /// The edition of the form.
    Edition = "edition",
    /// The date printed.
    IssuedOn = "issued_on",
    /// Who issued it.
    Component = "component",
    /// What it asks.
    Asks = "asks",
    /// The boxes ticked.
    Grounds = "grounds",
    /// The papers attached.
    Attached = "attached",
    /// The subject id.
    SubjectId = "subject_id",
    /// The event number.
    EventNumber = "event_number",
    /// The file number: the A-number.
    FileNumber = "file_number",
    /// The name.
    Name = "name",
    /// The day of birth.
    BornOn = "born_on",
    /// The citizenship.
    Citizenship = "citizenship",
    /// The sex.
    Sex = "sex",
    /// To whom it is addressed.
    To = "to",
    /// From which office it comes.
    From = "from",
    /// The officer.
    Officer = "officer",
    /// The telephone number.
    Phone = "phone",
    /// The booking number.
    BookingNumber = "booking_number",
    /// The charge.
    Charge = "charge",
});

impl PaperField {
    /// The numbers that a paper goes by, the one that identifies it first.
    pub const NUMBERS: [PaperField; 3] = [PaperField::SubjectId, PaperField::EventNumber, PaperField::FileNumber];
}

words!(/// What a court answered, asked whether it issued a paper.
    Verified, "result of a verification" {
    /// The court issued it.
    Confirmed = "confirmed",
    /// The court did not issue it, or will not say so.
    Refused = "refused",
    /// Nobody could be reached.
    Unreachable = "unreachable",
});

words!(/// The file of a database in which something was found. What it says is never stored.
    HitFile, "file of a database" {
    /// The Immigration Violator File of the National Crime Information Center: administrative warrants among it.
    ImmigrationViolator = "immigration-violator",
    /// The Wanted Person File.
    WantedPerson = "wanted-person",
    /// Another file.
    Other = "other",
});
