"""How each section of a story sounds, with the weight of every cue; plain data for `story_sections`.

The sections, and the advice that the action takes most of the time, are those of the STAR method as university career
services and Amazon's interview guide teach it.
"""

from __future__ import annotations

import re

from bot.core.assessment import Section

Cue = tuple[float, re.Pattern[str]]


def _anywhere(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


def starting(*alternatives: str) -> re.Pattern[str]:
    """Any of the alternatives, all of which begin where a word does: tried there only, which is three times as fast."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})", re.IGNORECASE)


LABELS = {
    Section.SITUATION: r"situation|context|background|setting|problem|s",
    Section.TASK: r"(?:my )?task|(?:my )?goal|challenge|objective|t",
    Section.ACTION: r"actions?|approach|what (?:i|we) did|steps(?: i took)?|a",
    Section.RESULT: r"results?|outcome|impact|r",
    Section.LEARNING: r"learnings?|lessons?(?: learn(?:ed|t))?|reflection|takeaways?|what i learn(?:ed|t)|l",
}
_MARK = r"(?:[:)\]]|\s?[\u2013\u2014-](?=\s|$))"
_MORE = r"(?:(?<=\w{4})(?: \w+){1,4}(?=:))?"  # "Task I set myself:", "Result after five months:"
LABEL = {
    section: starting(rf"^[\s*_#>(\[-]*(?:\d[.)]\s*)?(?:{names}){_MORE}[*_]*(?:\s*{_MARK}[*_]*\s*|\s*$)")
    for section, names in LABELS.items()
}

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_SEASONS = "spring|summer|autumn|fall|winter"
_DAYS = "sunday|monday|tuesday|wednesday|thursday|friday|saturday|weekend"
_COUNT = (
    r"(?:[\u20ac$\u00a3]?\d[\d,.]*(?:k|m|x)?|zero|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|"
    r"\w{3,6}teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|(?:a )?hundred|(?:a )?thousand|"
    r"(?:a |an )?(?:half|third|quarter|fifth|tenth))"
)
NUMBER = starting(rf"(?<![\w-]){_COUNT}(?![\w-])(?:\s?%)?", r"(?<![\w.])\d[\d,.]*(?:%|\s?\w{1,2}\b)?")
# "one of them", "the one which": no count of anything.
NO_NUMBER = starting(
    r"\b(?:the|this|that|each|no|which|every|good|better|best|more|honest|first|second|third|last|"
    r"next|old|new|other|only) ones?\b|\bone (?:of|by|could|can|another|day|morning|evening|night)\b|"
    rf"\b(?:teams?|group|staff|crew|class|family|department|company|office|panel|committee|board|"
    rf"party) of (?:about |some |only |just )?{_COUNT}\b|"
    r"\b(?:the|these|those|both|all|my|our|us) (?:two|three|four|five|six|seven|eight|nine|ten|"
    r"twelve)\b(?! (?:per\s?cent|%|hours|minutes|days|weeks))|"
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten) of (?:us|them)\b|\b(?:week|year|step|phase|version|"
    r"chapter|grade|round|part|line|number) "
    rf"{_COUNT}\b"
)
_MOVED = (
    "fell|fallen|dropped|rose|climbed|increased|decreased|improved|reduced|saved|grew|shrank|halved|doubled|tripled|"
    "sank|slid|cut|lowered|raised"
)
CHANGE = starting(
    rf"\bfrom (?:\S+ ){{0,3}}?{_COUNT}\b.{{0,60}}?\bto\b",
    rf"\bto (?:\S+ ){{0,2}}?{_COUNT}\b.{{0,30}}?\bfrom\b",
    rf"(?<![\w.,]){_COUNT}(?:(?: \w+){{0,2}} from {_COUNT}\b|(?: \S+){{0,5}} (?:instead of|rather than|down from|"
    rf"up from|against|before it was|and not) (?:\S+ ){{0,2}}?{_COUNT}|"
    rf"\b.{{0,40}}?,? (?:it )?(?:was|used to be|had been) {_COUNT})",
    rf"\b(?:was|were|took|had been|used to be) (?:\w+ )?{_COUNT}\b.{{0,60}}?\b(?:now|after)\b.{{0,40}}?{_COUNT}",
)

_AIM = (
    r"(?:goal|task|job|aim|role|part|bit|brief|mission|target|responsibility|duty|plan|idea|mandate|challenge|"
    r"assignment|objective)\b"
)
SITUATION: tuple[Cue, ...] = (
    (
        2.0,
        starting(
            rf"\b(?:last|this|that|one) (?:year|month|week|night|day|morning|quarter|{_SEASONS}|{_MONTHS}|"
            rf"{_DAYS})\b(?! to\b)",
            r"\b(?:years?|months?|weeks?|days?) ago\b|\b(?:weeks?|months?|days?) before\b",
            r"\bin (?:the year |early |late )?(?:19|20)\d\d\b|\bat (?:the|that) time\b|\bthis happened\b",
            r"\b(?:at|in|for) (?:my|our|an?|the|some) (?:[\w-]+ ){0,4}?(?:company|firm|job|role|employer|team|"
            r"start-?up|lab|"
            r"university|school|internship|bank|agency|group|department|project|portal|site|office|hospital|shop)\b",
            r"\bduring (?:my|our|the|an?)\b|\b(?:there|this) (?:was|were)\b(?! no\b)|\bit was (?:at|in|during)\b",
            r"\bin (?:my|our) (?:first|second|third|last|previous|current|former|final|old)\b",
            r"\b(?:when|while|as|since) I (?:was|worked|joined|started|did|led|studied)\b",
            r"\bI (?:was|am) (?:working |then )?(?:an? |the |in |at |on |part )",
            r"\bI (?:used to|(?:have )?work(?:ed)? (?:as|at|for|in|on|by|with)|led|maintain(?:ed)?|looked after) ",
            r"\b(?:my|our) (?:previous|last|first|former|old|current) (?:\w+ )?(?:employer|company|team|boss|job|"
            r"project)\b",
            rf"\bon an? (?:\w+ )?(?:{_DAYS}|night)\b",
            r"\bI (?:had )?(?:just |newly )?(?:joined|inherited|took over|came to|began as|started (?:at|as|in|"
            r"out))\b",
            r"\b(?:I am|I was|I['\u2019]m) (?:an?|the|head|one)\b|\bfor \w+ years I\b|"
            rf"\bour (?!{_AIM})\w+ (?:has|does|is|had|was)\b|\bmy (?!{_AIM}|(?:first|next|last)\b)\w+ (?:had|"
            rf"does|has)\b",
            r"^\W*(?:took over|joined|inherited|worked (?:as|at|in|for))\b|\bwe (?:are|"
            r"were) (?:\w+ )?(?:\w+ (?:people|engineers|"
            r"developers|students|of us)|an? )",
        ),
    ),
    (
        1.0,
        starting(
            r"\bour (?:[\w-]+ ){0,3}?(?:team|company|service|system|product|model|app|platform|customers?|users?|"
            r"website)\b",
            r"\b(?:we|they|it|which|that|who|everyone|everybody|people) (?:had|were|was|ran|used)\b",
            r"\bhad (?:\w+ )?(?:been|just|gone|lost|left|stopped|no|only)\b|\b(?:users?|customers?|clients?)\b",
        ),
    ),
    (
        1.0,
        starting(
            r"\b(?:broke|broken|stopped|complain\w*|slow|slower|wrong|kept|piled up|mis\w+ed|quit|left|lost|expired|"
            r"frozen|outage|timed? out|dropped|contradict\w*|unstable|trouble|problem|nobody|nothing|never|not|"
            r"worse|too (?:late|many|much|few|long)|angry|upset|vague|unclear|late|missing|"
            r"every (?:single )?(?:day|week|night))\b",
            r"\b(?:crash|fail)(?:ed|ing|es|s)?\b",
        ),
    ),
)
_ASKER = (
    r"(?:my|our|the|his|her|a) (?:\w+[ -]){0,2}?(?:boss|manager|lead|leader|director|head|chief|chairman|"
    r"chairwoman|chair|"
    r"supervisor|client|customer|owner|board|ministry|ceo|cto|coo|cfo|vp|professor|founders?|cofounders?|team|"
    r"partner|"
    r"company|management|editor|mayor|committee|mother|father|wife|husband|headmaster|headmistress|principal|council|"
    r"product manager|product owner|sales|department|bank|regulator|auditors?|stakeholders?|school|hospital|pm)"
)
TASK: tuple[Cue, ...] = (
    (
        3.0,
        starting(
            r"\b(?:my|our|the) (?:\w+ )?(?:task|job|role|goal|aim|mission|responsibility|part|bit|brief|assignment|"
            r"objective|"
            r"challenge|mandate|duty|ask|target) (?:here |then |there )?(?:was|were|is)\b",
            r"\b(?:my|our) (?:responsibility|assignment|mission|task)\b",
            r"\b(?:I|we) (?:was|were|am|had been|got|have been) (?:\w+ )?(?:asked|told|supposed|given|assigned|"
            r"tasked|"
            r"meant|put in charge|in charge|expected|handed|hired to|brought in)\b",
            r"\b(?:I|we) (?:was|were) to\b|\bI (?:was|am) .{1,40}\b(?:in charge of|expected to)\b",
            r"\b(?:asks?|asked|told|wants?|wanted|expects?|expected|needed|begged|trusted|sent|let|urged|"
            r"instructed|pressed) "
            r"(?:me|us|the (?:trainee|intern|apprentice|junior|team|department)) (?:to|with|for|not|if|whether|"
            r"could|can|please|understand)\b",
            rf"\b{_ASKER} (?:\w+ )?(?:asked|wanted|needed|demanded|expected|requested|required|insisted|hoped)\b",
            rf"\b(?:asked|wondered) (?:whether|if) (?:I|we|someone|somebody)\b|\b{_ASKER} (?:\w+ )?said:?,? "
            r"(?:that |to )?(?:can|could|please|make|fix|find|get|stop|build|bring|sort|just|do|have|I|we|"
            r"i['\u2019]d|he|she|they)\b",
            rf"\b(?:{_ASKER}|they|he|she) (?:\w+ )?(?:gave|left|set|handed|allowed|assigned|put) (?:me|us|it|one|"
            rf"the|a) ",
            r"\bI (?:had|got|was given|['\u2019]d been given) (?:only |just |exactly )?(?:an? |one |two |three |"
            r"four |five |six |"
            r"ten |\d+ )(?:\w+ )?(?:hours?|days?|nights?|weeks?|months?|evenings?)\b",
            r"\b(?:I|we) (?:(?:just|only|really|also|badly|simply|therefore|so) )?(?:wanted|needed|meant|aimed|"
            r"set out|"
            r"intended|resolved) (?:to (?!know|say|answer|cry|scream|leave|quit|hear|believe)|that\b|it\b|this\b|"
            r"them\b|"
            r"the\b|him\b|her\b|my\b|our\b|every\w*\b|an?\b|on an?\b)",
            r"\b(?:mandate|deadline|target|goal|aim|brief|assignment|objective|job|plan)(?: (?:from|of|for|"
            r"by) [^:.]{1,40})?:",
            r"\b(?:it was|was) (?:all )?(?:on|up to) me\b|\b(?:my turn|on the hook|in my lap|on my (?:desk|table|"
            r"plate|shoulders))\b|"
            r"\b(?:assigned|given|handed|passed|left|delegated|entrusted|fell|came) (?:it |this |that |"
            r"over )?to me\b|\bI (?:offered|was willing) to\b|"
            r"\bI said (?:that )?I(?:['\u2019]d| would) (?:take|do|look|fix|find|handle|sort|try)\b|\b(?:raised|"
            r"put up) my hand\b|"
            r"\b(?:the|my|our) (?:idea|plan|question|ask|request|deal|requirement|expectation|hope|order|wish|"
            r"instruction|point|intention)s? (?:here |then )?(?:was|were)\b|"
            r"\bneeded (?:someone|somebody|me|us|it|them|an?|the|this) \b|\b(?:I|we) (?:only |"
            r"just )?had (?:only |just |about )?(?:until|till|to)\b|"
            r"\b(?:put|made|appointed|named|elected|chose) me (?:on|in|to|as|the|responsible|head|lead)\b|"
            r"\bmade up my mind\b|\bwhat (?:\w+ ){1,3}(?:asked|wanted|expected|needed|required) (?:from|"
            r"of) (?:me|us)\b|"
            r"\bquestion (?:for (?:me|us) |now |then )?was\b|\blanded (?:with|on|in)\b|\bI wished to\b|"
            r"\bI (?:told|assured|said to) \w+ (?:that )?I would\b|"
            r"\bfind (?:out|a way|a solution)\b.{0,20}\bwas (?:my|mine)\b|\bI was the (?:one|person) (?:who|to|"
            r"they)\b|\bI (?:owed|swore|vowed)\b",
            r"\bgave (?:them |her |him )?my word\b|\b(?:the|our|my) (?:one |only |main )?(?:goal|aim|target|"
            r"brief|mandate)\b|"
            r"\bwe(?:['\u2019]d| had) agreed\b|\bgot the (?:job|task|order) (?:of|to)\b|\bexpected of\b",
            r"\b(?:had|were|was|is) to be (?:\w+ ){0,3}(?:by|before|until|within|in time)\b|"
            r"\bnobody could \w+ \w+ but me\b|"
            r"\bsomebody['\u2019]?s? (?:has |had )?got to\b|\b(?:someone|somebody) had to\b",
            r"\b(?:told|asked) it to me\b|\b(?:wanted|expected|needed) (?:\w+ )?(?:from|of) (?:me|us)\b",
            r"\b(?:I|we) (?!(?:never|didn|rarely)\b)(?:\w+ )?(?:had|needed|have|need) to\b|\band (?:\w+ )?(?:had|"
            r"needed|wanted) to\b|\bI['\u2019]d (?:\w+ )?to\b",
            r"\b(?:up|fell|left|landed|decision|job|one|it|was|be|is|handed it|gave it) (?:to|on) me\b",
            r"\b(?:made|make) (?:it|this|that) my\b|\bset (?:myself|me|us) \w+",
            r"\bI (?:volunteered|signed up|promised|owned|took (?:on|over)|took (?:it|this|"
            r"the \w+(?: \w+)?) (?:on|over|upon))\b|\bon myself\b",
            r"\b(?:gave|left|assigned|handed) me (?:the|a|an|this|task|\w+ weeks|\w+ months|\w+ days)\b",
            r"\b(?:was|were|became|is) (?:mine|my (?:job|call|task|duty|responsibility|part|feature))\b",
            r"\bresponsible\b|\bperson who needs?\b|\bas the (?:only|lead)\b",
            r"\bsaid (?:to )?(?:make|fix|find|get|stop|build|bring)\b|\bto (?:fix|solve|repair) (?:it|this)\b",
            r"^\W*(?:had|needed|asked|tasked|supposed|expected) (?:was )?to\b|\b(?:wanted|expected) (?:it|this|"
            r"that) to be\b",
        ),
    ),
    (1.0, starting(r"\b(?:deadline|due|by the end of|in time for|no budget|in charge)\b")),
    (
        1.0,
        starting(
            r"\b(?:before|by|until|within|in) (?:the |our |an? |one |two |three |four )?(?:\w+ )?(?:week|month|"
            r"quarter|day|"
            r"fortnight|year|launch|review|season|campaign|term|deadline|end)s?\b",
            rf"\b(?:before|by|until) (?:{_MONTHS}|{_DAYS})\b",
        ),
    ),
)
RESULT: tuple[Cue, ...] = (
    (
        3.0,
        starting(
            r"\b(?:as a|the|with the) (?:end )?result\b|\bin the end\b|\boutcome\b|\beventually\b|\bfinally\b|"
            r"\bultimately\b|\bthanks to (?:this|that)\b|\bsince then\b|\bthis led to\b",
            rf"\b(?:{_MOVED}|went|came|got|is|was|moved|down|up|back) (?:\w+ ){{0,3}}?(?:from|by|to|under|below|at) "
            rf"(?:\S+ )?{_COUNT}\b",
            r"\b(?:went|go|is|was|are|were|back) (?:now )?(?:live|online|searchable|out|gone|in production)\b",
            r"\b(?:shipped|launched|released|delivered|finished|sold|moved over|won|renewed|promoted|adopted)\b",
        ),
    ),
    (3.0, CHANGE),
    (
        2.0,
        starting(
            r"\b(?:now|nowadays|still|ever since|to this day|by now|today|has kept|has stayed|no longer|"
            r"afterwards)\b",
            r"\b(?:not a single|without (?:a|one|any)|no (?:more|such)|nobody (?:has )?complained|stopped|"
            r"disappeared)\b",
            rf"\bby (?:the |that )?(?:end|next|following|\w+ (?:noon|morning|evening|afternoon|night)|{_SEASONS}|"
            rf"{_MONTHS}|{_DAYS})\b|"
            rf"\b(?:on|in) time\b|\b(?:{_MOVED})\b",
            r"\b(?:at|on|in|for|with) the (?:next|following)\b|\b(?:hours?|days?|weeks?|months?|years?|"
            r"minutes?) later\b|"
            r"\b(?:has|have|hasn|haven|['\u2019]s|['\u2019]ve)\b.{1,60}\bsince\b|\bback to normal\b",
            r"\b(?:better|worse|cheaper|faster|more|less) than (?:what|before|ever|I|we|the)\b",
            r"\bby (?:a |two |one )?(?:half|thirds?|quarters?|fifths?|tenths?|\d+ ?(?:%|per\s?cent|points))|"
            r"\b(?:went|gone|came|come|goes|are|were|was|is) (?:right |straight )?(?:down|up)\b",
            r"\b(?:it|that|this|everything|all of it|things?) (?:all )?(?:worked|went (?:well|fine|smoothly|"
            r"wrong|badly)|held|helped|paid off|failed|broke)\b|"
            r"\b(?:we|I|they|he|she|it) (?:just |barely |only )?made it\b|\bnever (?:came|happened|heard|saw|had|"
            r"asked|broke|again)\b.{0,30}|"
            r"\bto spare\b|\b(?:is|are|was|were|being) (?:now |still )?(?:used|gone|solved|fixed|running|"
            r"cancelled|in use)\b|"
            r"\b(?:has|have) been (?:running|used|in use|stable|quiet|fine|live)\b|\b(?:nobody|no one|"
            r"no (?:customer|user|client)s?) (?:has |had |ever )?(?:noticed|left|asked|called)\b",
            r"\b(?:we|I|it|they|which) (?:had )?(?:lost|missed|cost)\b|\bcame out\b|\bturned (?:out|into)\b|"
            r"\bended (?:up|with)\b|\b(?:agreed|accepted|approved|said yes)[.,;!]",
            r"\b(?:signed|thanked|praised|hired|kept us|kept me|passed|paid off|got the (?:contract|deal|prize|"
            r"job|grant|order))\b",
            r"\bafter (?:that|this|my|our|the|\w+) (?:change|fix|weeks?|months?|days?|hours?)\b",
            r"\b(?:far )?(?:fewer|less|more|faster) \w+ .{0,40}\bthan\b",
        ),
    ),
    (1.0, starting(r"\b(?:later|became|become|worked|accepted|agreed|approved|happy|managed|within|everyone)\b")),
)
BEFORE = starting(
    r"\b(?:had|hadn['\u2019]t) (?:\w+ )?(?!to\b)\w+(?:ed|en|wn|ne|lt|ld)\b"
)  # what had been, not what came of it
PAST = starting(
    r"\b(?:was|were|had|did|went|came|got|fell|rose|ran|took|held|shipped|sold|won|gave|made|could|left|broke|"
    r"said)\b",
    r"\b(?!need|speed|feed|seed|indeed|exceed|proceed|hundred)[a-z]{2,30}ed\b",
)

_STATES = (
    "wanted|needed|liked|loved|hated|learned|hoped|assumed|believed|happened|seemed|used to|joined|studied|lived|"
    "enjoyed|"
    "realised|realized|worked (?:as|at|for|in|on|by)|owned|volunteered|looked after|maintained|served|suspected"
)
DID = (
    rf"(?:(?!(?:{_STATES})\b)[a-z]{{2,24}}ed|wrote|built|made|took|went|spoke|told|met|ran|held|brought|found|"
    r"gave(?! (?:them |her |him |you )?my word)|set|got(?= (?:them|him|her|every|the|two|three|both|rid|people|"
    r"someone|somebody|in touch|hold)\b)|"
    "chose|drew|sent|cut|sat|began|taught|sought|bought|split|put|did(?!n|[ ]not (?:know|have|want|like|believe|"
    "feel|see|think|agree))|let|said|read|spent|drove|showed|won|rebuilt|"
    "rewrote|undertook|dug|laid|paid|saw|threw|kept|swapped|shut|stood|lent|swept|broke|heard|came|flew|dealt|fought|"
    "forgot|grew|stole|shook|struck|tore|wore|blew|beat|rang|rode|hung|stuck|hid|fed|swore|woke|lit|bent|bound|"
    "sewed|sang|drank|ate|slept|caught|quit|sold|hit|gathered|apologi[sz]ed)"
)
_ADVERBS = (
    r"(?:\s+(?:\w+ly|also|then|first|next|just|even|once|again|myself|never|still|therefore|thus|so|did not|"
    r"kind of))*"
)
OWN_DEED = starting(
    rf"\bI{_ADVERBS}\s+{DID}\b",
    rf"\bI (?:thought|felt|noticed|wanted|hoped|believed|disagreed)\b[^.!?]{{1,60}}? and (?:then )?{DID}\b",
    r"\b(?:I have|I['\u2019]ve)(?: \w+ly| also)? (?!been|had|learn\w*|understood|never|to\b)(?:[a-z]{2,24}ed|"
    r"[a-z]{3,}n|"
    r"built|made|done|put|set|found)\b",
)
OUR_DEED = starting(
    rf"\bwe{_ADVERBS}\s+(?:have )?(?!(?:sold|got|won|lost|saw|stood|hit|reached|finished|delivered|shipped|passed|"
    rf"failed|missed|earned|survived|laughed|celebrated|managed|ended|agreed|shared|called it)\b){DID}\b"
)
NOTED_DEED = starting(rf"^[\W\d]*(?:then\s+|so\s+|first\s+|next\s+)?{DID}\b")  # notes leave out the "I"
FURTHER_DEED = _anywhere(rf"(?:,|\band\b|\bthen\b|;)\s+(?:and |then |also |finally |I )*{DID}\b")
# "First I go to the factory", "After I teached": told in the present by those who are learning English.
STEP = starting(
    r"\b(?:first|then|after(?:wards| that)?|next|later|so|also) I (?!was|am|had|have|would|will|could|learn|think|"
    r"thought|"
    r"guess|mean|knew|felt|can|should)[a-z]+",
    r"^\W*I (?:also )?(?:go|make|take|show|train|let|write|ask|use|build|talk|try|find|change|add|test|call|"
    r"explain|decide)\b",
)

TALK = starting(
    r"\bI (?:always|usually|generally|normally|often|try to|tend to|believe|am a person|would|think(?! about)|"
    r"guess|can)\b",
    r"\blet me (?:think|see|tell)\b|\b(?:good|hard|tough|nice) question\b|\b(?:I|we) could tell\b|\bkind of it\b|"
    r"\bthat['\u2019]?s (?:it|all)\b|"
    r"\bin general\b|\b(?:people|you) (?:often|can|should)\b|\bis (?:normally|very important)\b",
)

HYPOTHETICAL = starting(
    r"\b(?:I|we|one|you|it|they|that|there|he|she|this|people|everyone)(?:\s+\w+ly|\s+always|\s+of course|"
    r"\s+also|\s+just|\s+then|\s+not)?\s+(?:would|should|could|"
    r"will)(?:n['\u2019]t)?\b(?!\s+(?:not\s+)?have\b)",
    r"\b(?:I|we|it|they|that|one)['\u2019](?:d|ll)\s+(?!\w+ed\b|been\b|had\b|gone\b|done\b|begun\b|written\b|"
    r"got\b|given\b|taken\b|made\b|built\b|"
    r"put\b|seen\b|never \w+(?:ed|en)\b|just\b|already\b)",
    r"\bI (?:always|usually|generally|normally|never|often|try to|tend to|believe|am good|am a)\b",
    r"^\W*(?:if|should|when|whenever|suppose|imagine|let's say) (?:I|we|you|one|someone|somebody|anyone|anything|"
    r"something|there|two|the|a)\b"
    r"(?!.{0,40}\b(?:came|asked|told|saw|said|went|got|heard|left|joined)\b)",
    r"\b(?:one|you) (?:should|has to|have to|needs? to|must|can)\b|\bit['\u2019]s (?:always )?important to\b",
)
ME = re.compile(r"\bI\b|\b(?i:me|my|mine|myself)\b|\bi\b(?=['\u2019 ])")
US = starting(r"\b(?:we|us|our|ours|ourselves)\b")
FILLERS = starting(
    r"\b(?:um+|uh+|er+m?|hmm+|you know|i mean|sort of|kind of|kinda|basically|actually|literally|like,|"
    r"somehow)(?!\w)",
    r"\b(?:stuff like that|and stuff|or something|or whatever)(?!\w)",
)
_UNITS = (
    r"(?:%|per\s?cent|percent|percentage points?|points?|ms|milliseconds?|seconds?|minutes?|hours?|days?|"
    r"weeks?|months?|"
    r"years?|euros?|dollars?|pounds?|users?|customers?|times|x\b|fold|k\b|requests?|tickets?|incidents?|errors?|"
    r"people|"
    r"teams?|out of)"
)
_NUMBER = (
    r"(?:\d[\d,.]*|a (?:half|third|quarter|tenth)|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|twenty|thirty|"
    r"forty|fifty|hundred|thousand|half)"
)
QUANTITY = _anywhere(
    r"[\u20ac$\u00a3]\s?\d[\d,.]*\w?",
    rf"\b{_NUMBER}[\s-]?(?:\w+\s+)?{_UNITS}",
    rf"\bfrom {_NUMBER}\b.{{0,40}}?\bto {_NUMBER}",
    r"\b(?:halved|doubled|tripled|zero|none of)\b",
    r"\b\d[\d,.]*\b",
)
