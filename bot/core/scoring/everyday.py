"""Everyday words that speakers swap freely; the first of each line stands for all. Plain data.

Measured on blind answers: one such list for all questions does as well as thousands of everyday phrasings written
question by question. Words that tell two notions of the field apart ("precise" and "accurate") are left out.
"""

from __future__ import annotations

_SWAPPED_FREELY = """
decrease reduce lower lowers lowered lowering shrink drop fall diminish decline lessen
increase rise grow raise climb
change modify alter adjust
compute calculate determine
error mistake
loss cost
assign attribute
choose pick select
find locate detect identify discover catch spot
split divide separate partition
class category
near close nearest closest nearby
large big huge bigger larger biggest largest
small little tiny smaller smallest
begin start
stop finish terminate
remove delete eliminate discard erase toss throw
insert append
repeat iterate iteration repetition
keep retain
link connection connect
neuron node unit
fast quick rapid speed quickly faster quicker
sample example instance datapoint case record row
copy duplicate replicate replica
make create build construct generate produce
show display demonstrate illustrate
need require necessary
use utilize employ usage
allow enable permit
different distinct differ difference
same equal identical
only merely solely
maximum max maximal maximise
minimum min minimal minimise
target desired goal
real actual
train learn teach
describe explain
include contain
happen occur
move shift
combine merge join mix
whole entire complete total
part portion piece
data dataset
correct right
wrong incorrect
limit restrict bound
average mean
order sequence
double twice
picture image photo photograph
guess predict estimate forecast
amount quantity number
size magnitude
share fraction proportion ratio percentage
feature column predictor input
weight coefficient
user customer client visitor person people shopper
server machine host
buy purchase
hard difficult
easy simple
expensive pricey
check verify inspect
answer reply response
enough sufficient
opposite reverse inverse
often
model network net classifier
slope gradient derivative
penalty punish penalise charge fee
variance spread scatter wobble vary fluctuate
threshold cutoff bar
probability chance likelihood
luck fluke coincidence
random arbitrary
past earlier previous historical
cluster group bunch clump blob
token term
rare seldom infrequent scarce uncommon
common frequent usual
imbalance lopsided skewed uneven unequal
alarm alert
miss overlook
vanish fade disappear
scale rescale resize
shuffle permute
slow sluggish
stable steady robust
unstable shaky jumpy
confident sure certain
honest fair trustworthy reliable
recent fresh latest
stale outdated old
absent blank
fill impute
rank sort
similar alike resemble
far distant
notice observe
task job
company firm business
improve better
worse degrade deteriorate
hurt harm
mislead fool trick deceive
edge border boundary
smooth gradual gentle
window period span
request query call
version variant
deploy ship launch release
monitor watch track
candidate option alternative
taste preference interest
experiment trial
effect impact influence
cause reason
memorise remember heart
leak sneak
explode blow
layer level
layout shape form
sum add
multiply product
test exam
tail rest remainder
pool bag
guide steer
balance even
"""


def swapped_freely() -> tuple[tuple[str, ...], ...]:
    """The groups of words that mean about the same in an answer."""
    return tuple(tuple(line.split()) for line in _SWAPPED_FREELY.strip().splitlines())
