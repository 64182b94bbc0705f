extension SamplePhrases {
  /// What an agent says in one sentence: groups of `english`, one after the other.
  static let englishAgentFrames = """
    ack ask thing when q
    ack tell detail reason dot
    ask thing when q
    ack check record dot
    offer thing price dot
    confirm detail when dot
    ack offer thing place dot
    list
    sorry reason dot
    """

  static let englishCallerFrames = """
    filler want thing reason dot
    filler want thing when dot
    yes dot
    filler question thing place q
    filler story detail dot
    no reason dot
    filler give dot
    filler question detail q
    filler story thing when dot
    give dot
    """

  static let english: [String: String] = [
    "greeting": """
    Hello, how can I help you?
    Hi, am I speaking with {name}?
    Good morning, this is the assistant of {company}. Is this {first}?
    Hello {first}, I'm calling from {company} about your {product}.
    Hi there! Thanks for calling {company}, who am I speaking to?
    Good afternoon, {first} {last}? I'm calling about order {order}.
    Hello, this call may be recorded. Do you have {number} seconds for {company}?
    Good evening, am I through to the {last} household in {city}?
    """,
    "farewell": """
    Thanks, {first}, have a great day!
    Okay, bye.
    Thank you, goodbye.
    Alright, speak to you {day}. Bye!
    Perfect, that's all. Bye now.
    You're welcome, {first}. Take care! 👋
    Great, see you on {date} at {time}.
    Please don't call this number again.
    Thanks for your time, have a lovely {day}.
    """,
    "ack": """
    Okay, \nGot it, \nThanks, {first}. So \nPerfect, \nI understand, \nSure, \nOf course, \nThat makes sense, \n\
    No problem, \nRight, \nThank you for waiting, \nAbsolutely, \nNoted, \nI see, \nGreat, {first}, \nAh, \n\
    Just to be sure, \nThanks for telling me, \nAlright then, \nOne moment, \nGood question, \nLet me see, \n\
    Fair enough, \nI hear you, {first}, \nUnderstood, \nWonderful, \nHappy to help, \nIn that case \n\
    Before we go on, \nActually, \n
    """,
    "ask": """
    would you like \ncould we arrange \nshall I book \ndo you still need \nmay I offer you \nwould it help to have \n\
    are you interested in \nshould I set aside \nhave you thought about \ncan I send you \ndid you ask for \n\
    who in your team decides about \nis there anything against \nhow do you feel about \nhow many of you would use \n\
    do you want to change \nwould you rather postpone \ncould you tell me more about \nwhat would you expect from \n\
    have you received \ndo you remember \nshall we go through \ncan we move \nwould you consider \n\
    are you happy with \nwhat went wrong with \nhow long have you had \nwhere did you hear about \n\
    may I ask you about \nwhen can we deliver \n
    """,
    "thing": """
    an appointment\na test drive of the {product}\nthe {product}\na second {product}\na call back\nyour renewal\n\
    the premium plan\nan invoice over {amount}\na refund of {amount}\na visit by our technician\nthe new contract\n\
    order {order}\nthe delivery to {street} {number}\na demo of {product}\nthe insurance for your {product}\n\
    {number} units of {product}\na replacement\nthe quote we sent on {date}\nyour booking in {city}\nthe warranty\n\
    an upgrade to {product}\nthe annual check-up\na table for {number}\nthe blood test\nthe paperwork for {company}\n\
    a loan of {amount}\nthe electricity meter\nyour subscription\nthe cleaning\na payment plan over {number} months\n\
    a fitting\nthe flat in {street}\nmy account\nthe spare part\na discount of {number} percent\nthe missing parcel\n\
    two tickets to {city}\nthe interview with {name}\na new password\nthe school bus\nyour feedback\n\
    the class with {first}\na solar panel\nhis prescription\nthe room on floor {number}\na statement for {month}\n\
    the old {product}\nthat survey\nthe home visit\nyour membership card\na receipt from {company}\n\
    the parking permit\na dental cleaning\nthe deposit
    """,
    "when": """
     on {day}\n on {day} at {time}\n this {day}\n before {date}\n after {time}\n tomorrow around {time}\n next week\n\
     by the end of {month}\n on {date}\n on {date} at {time}\n in {number} days\n this afternoon\n\
     between {time} and {time}\n in the morning\n later today\n some time in {month}\n the week after\n\
     as soon as possible\n at {time} sharp\n within {number} hours\n right away\n during the holidays\n\
     when {first} is back\n once the payment is in\n first thing on {day}\n over lunch\n in the evening
    """,
    "tell": """
    our records say that \nI can see here that \nthe system tells me that \nmy colleague {first} wrote that \n\
    I'm afraid that \nthe good news is that \nI should mention that \nplease note that \nas you may know, \n\
    the workshop in {city} says that \nour team confirmed that \nfrom what I can see, \nit looks as if \n\
    I have to tell you that \nthe last letter said that \naccording to {company}, \nI was told that \n\
    it turns out that \nunder your plan \nthe short answer is that \n
    """,
    "detail": """
    the {product} is in stock in {city}\nyour balance is {amount}\nthe order {order} left our warehouse on {date}\n\
    you have {number} days left\nthe price goes up to {amount} in {month}\nthe technician is {first} {last}\n\
    nobody was at home at {street} {number}\nthe payment of {amount} did not go through\n\
    the contract ends on {date}\nthere are {number} places left\nthe number on file is {phone}\n\
    the address is {street} {number}, {city}\nit takes about {number} minutes\nyour reference is {order}\n\
    the letter came back\nwe charged {amount} twice\nthe email went to {email}\n{company} closes at {time}\n\
    the doctor is away until {date}\nyou were promised {number} percent\nthe delivery costs {amount}\n\
    {name} signed for it\nthe model from {month} has been recalled\nwe only have it in blue\n\
    the line was cut off at {time}\nthe next free slot is {day} at {time}\nyour card expires in {month}\n\
    the driver could not find the house\nthe discount ends {day}\nthe file is with {last}\n\
    the meter reads {number}{number}{number}\nwe have called {number} times\nthe appointment was moved to {time}\n\
    it was {first}'s idea\nthe old one broke after {number} days\nthe fee was {amount} last year\n
    """,
    "reason": """
    , because the last one was cancelled\n, since we move to {city} in {month}\n, as the {product} stopped working\n\
    , if that's alright with you\n, so that {first} can join\n, because I never got the email\n\
    , and I paid {amount} already\n, but only if it's under {amount}\n, unless it rains\n\
    , since {company} told me so\n, for my mother\n, because of the traffic in {city}\n, as agreed with {name}\n\
    , otherwise I'll cancel\n, just like last {day}\n, because there was a mistake in {order}\n, to be honest\n\
    , if you can manage that\n, and thanks for asking\n, as I work until {time}\n, because the children have school\n\
    , since it's been {number} weeks\n, I think\n, at least that's what \\"{first}\\" said\n\
    , which is too much for us\n, and nobody called back\n, please\n, or maybe not\n, though my husband disagrees\n\
    , since the warranty ended on {date}\n
    """,
    "dot": ".\n.\n.\n.\n.\n.\n!\n...",
    "q": "?\n?\n?\n?\n, please?\n, or is that too early?\n, {first}?",
    "check": """
    let me check \nI'm looking at \nI have opened \nI'll update \nI've just corrected \ngive me a second to find \n\
    I'll add a note to \nI'm sending you \nI've forwarded \nplease have a look at \nI will read out \n\
    let's go through \n
    """,
    "record": """
    your file, number {order}\nthe booking for {name}\nthe calendar of {first}\nyour order {order}\n\
    the notes from {date}\nthe invoice over {amount}\nthe address, {street} {number} in {city}\nthe number {phone}\n\
    your email, {email}\nthe price list for {month}\nthe ticket that {last} opened\nyour policy from {company}\n\
    the recording of {day}\nthe terms of the {product}\nthe opening hours in {city}\nwhat we agreed on {date}\n
    """,
    "offer": """
    I can offer you \nwe could do \nthere is also \nyou might like \nwe have just added \nmost people take \n\
    I would suggest \nour best option is \nwhat about \nfor now I'd go with \nyou could still get \nlet me reserve \n\
    I'd be glad to arrange \n
    """,
    "price": """
     for {amount} a month\n for {amount}\n at {number} percent off\n free of charge\n for {amount} in total\n\
     without extra cost\n at the price of {month}\n for {number} months\n from {amount} on\n including delivery\n\
     plus tax\n for half the price
    """,
    "place": """
     in {city}\n at {street} {number}\n near the station in {city}\n at your office\n over the phone\n\
     by email to {email}\n at {company}\n in our shop on {street}\n on floor {number}\n online\n\
     at the branch in {city}\n with {name}
    """,
    "confirm": """
    so to confirm, \njust to repeat, \nI've written down that \nto sum up, \nlet me read that back: \nso \n\
    you said that \nthen we agree that \nI'll note that \nyou'll get a message that \n
    """,
    "list": """
    Here is what I have:\\n- {product}\\n- {order}\\n- {amount}
    Two options:\\n1. {day} at {time}\\n2. {day} at {time}
    That's {first}, \\"{last}\\" with {number} letters?
    Your code is {number}{number}, valid until {time}.
    Please spell the street: {street}, number {number}?
    I have {phone} and {email}, which one is better?
    """,
    "sorry": """
    I'm sorry about that\nI apologise for the delay\nSorry, I didn't catch that\nI'm sorry, the line is bad\n\
    I'm afraid I can't do that\nSorry to hear it, {first}\nI regret the mix-up with {order}\n\
    Forgive me for asking again\n
    """,
    "filler": """
    Um, \nWell, \nYeah, so \nHmm, \nLook, \nActually \nHonestly, \nOh, \nRight, \nSorry, \nHi, yes, \nNo, wait, \n\
    Okay. \nListen, {first}, \nI mean, \nYou know, \nSo \nUh, \nThe thing is, \nI guess \nAh okay, \nHang on, \n\
    Maybe \nTo be fair, \n—\\u00a0\n
    """,
    "want": """
    I'd like to book \nI want to cancel \nI need \nI'm calling about \nI was hoping for \nwe'd prefer \n\
    I can't make \nI still haven't got \nplease send \ncan I change \nI'm not sure about \nI'd rather have \n\
    we don't need \nI was told I could have \nmy wife ordered \nI already paid for \nI'd like to know more about \n\
    please forget \nsomebody promised me \nI have a question about \nlet's do \nI'd like to complain about \n\
    we were thinking of \n{first} asked me to arrange \nI lost \nput me down for \n
    """,
    "yes": """
    Yes\nYes, that works\nYes, {first} speaking\nSure, go ahead\nThat's right\nYes please\nMhm\nCorrect, {name}\n\
    Sounds good\nYep\nOkay, {time} is fine\nExactly\nYes, {number}\nThat would be great\nI think so\nFine by me\n\
    Yes, on {day}\nSpeaking\n
    """,
    "question": """
    how much is \nwhat about \ncan you explain \nis it true that \nwho handles \nwhy is \nwhere do I find \n\
    are you sure that \ndoes it matter that \ncould you repeat \nso you're saying that \nwhat happens if \n\
    how do I get \nwill there be \ndo you also have \nwhat's the difference to \n
    """,
    "story": """
    I already told {first} \nlast {day} you said \nI got a letter about \nmy neighbour {name} mentioned \n\
    the website says \nwe've been waiting for \nthe man at {company} told me \nI read on the invoice about \n\
    in {month} I was told \nI live in {city} and \nmy son looked at \nwe moved from {street}, so \nI don't care, \n\
    the message said \nI spent {number} minutes on hold about \nas far as I know, \nit's always the same with \n
    """,
    "no": """
    No\nNo thanks\nNot really\nNot now\nI don't think so\nNo, it's {first}\nI'd rather not\nSorry, no\nNo, on {day}\n\
    Not for {amount}\n
    """,
    "give": """
    it's {phone}\nmy email is {email}\nthe order number is {order}\nI live at {street} {number}\nmy name is {name}\n\
    it was on {date}\nI paid {amount}\nwe are {number} people\nthe postcode is {number}{number}{number}\n\
    {last}, with a capital letter\nyou can reach me on {phone} after {time}\nthat's {first} at {company}\n\
    I'm in {city} until {date}\nit says {order} here\n
    """,
  ]
}
