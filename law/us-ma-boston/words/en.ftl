# What the desk says of each rule, for an officer in a hurry. The words of the law stand beside it; what is not certain is
# said in the words of the section. A rule without a sentence here is said from the rule itself.
translation-status = source

# Holding
rule-P1-2014 = The 2014 act: do not keep anybody on a federal detainer once release is due.
rule-P1-2014_warrant = A criminal warrant that its court has confirmed, held by ICE, is the exception of the 2014 act.
rule-D-2014_eligible = Release is due once nothing in the criminal case keeps the person.
rule-P1-2019 = The city: do not keep anybody past release on a federal detainer or on a warrant that no judge signed.
rule-P1-2019_warrant = A criminal warrant of ICE that a judge issued and the court has confirmed is the city's one exception.
rule-D-2019_eligible_1 = Release is due: all charges are dropped or dismissed.
rule-D-2019_eligible_2 = Release is due: the person is acquitted of all charges.
rule-D-2019_eligible_3 = Release is due: all the time is served.
rule-D-2019_eligible_4 = Release is due: a bond is posted, or the person is released on recognizance.
rule-D-2019_eligible_5 = Release is due: the person is referred to pre-trial diversion.
rule-D-2019_eligible_6 = Release is due under state or local law.
rule-Lunn_hold = The state's highest court: to keep somebody on a federal civil paper alone is an arrest without authority.

# Handing over
rule-P2-2019 = The city: do not hand anybody over to immigration authorities without a judge, before bail or after it.
rule-P2-2019_employees = Other city employees too may hand nobody over without a judge.
rule-P2-2019_judge = A judge's warrant or order that its court has confirmed authorizes the transfer.

# Telling
rule-P5-2019_release = The city: do not tell ICE when a person goes free, if the purpose is only civil enforcement.
rule-P5-2019_personal = The city: do not give ICE names, addresses, descriptions or release dates, if the purpose is only civil enforcement.
rule-P5-2019_status = Immigration status given for civil enforcement is personal information given to ICE, as far as the clause is known.
rule-X1-2019 = With ICE's investigators the police may work on trafficking, child exploitation, drugs, weapons and cybercrime.
rule-37L_report = State law: nobody at a school may give a student report to law enforcement, on paper or in passing.
rule-16-63_student = The city: nobody at a school may share student information with the police.

# Asking
rule-P4-2019 = The city: the police do not ask anybody about immigration status.
rule-X5-2019 = A victim who wants a certificate for a visa may be asked what the certificate needs.

# Arresting, helping, joining
rule-P3-2019 = The city: no arrest on a warrant that only an immigration officer signed.
rule-P6-2019 = The city: nobody on the city's payroll questions, detains or arrests for civil immigration enforcement alone.
rule-P6-2019_arrest = The city: nobody on its payroll arrests on a federal civil paper alone.
rule-X1-2019_together = With ICE's investigators the police may work on trafficking, child exploitation, drugs, weapons and cybercrime.
rule-Lunn_arrest = The state's highest court: a federal civil paper gives no authority to arrest.
rule-EO-2026_property = The mayor's order: no city property for civil immigration operations.

# Drafts
rule-P1-july-2014 = The draft of July 2014: do not keep anybody on a federal detainer once release is due.
rule-P1-july-2014_warrant = The draft's first exception: a confirmed criminal warrant of ICE.
rule-P1-july-2014_ground = The draft's other exceptions: a violent conviction, a felony in ten years, a registry, a watch list.
rule-P4-june-2019 = The draft of June 2019: the police do not ask about immigration status.
rule-P3-june-2019 = The draft of June 2019: no arrest on an immigration officer's warrant alone.

# Counting: no deed, so the answer has words of its own.
rule-D-2014_request = A request of an immigration officer to keep somebody and to advise counts.
rule-D-2019_request = A request of an immigration officer to keep somebody and to advise counts.
ask-count =
    .permitted = This paper counts as a request.
    .needs-legal-review = Whether this paper counts is not certain: register it, and the report gives both counts.
    .not-regulated = This paper is not a request that the report counts. Register it all the same.
