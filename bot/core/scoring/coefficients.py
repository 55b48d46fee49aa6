"""The fitted scorer of questions that have only a reference answer; written by tests/bench/fit_reference.py.

Ridge regression on answers graded by people: SAF (communication networks, Filighera et al. 2022, MIT) and the training
parts of SciEntsBank and Beetle (SemEval-2013 task 7, Dzikovska et al. 2013, CC BY-SA 3.0); none of their text is kept
here. Five folds by question gave

| set | answers | questions | Pearson r | AUC | bar |
|---|---|---|---|---|---|
| beetle | 3941 | 47 | 0.476 | 0.785 | AUC >= 0.72 |
| saf_en | 768 | 8 | 0.704 | 0.866 | r >= 0.70 |
| scientsbank | 4969 | 135 | 0.451 | 0.764 | AUC >= 0.76 |
"""

INTERCEPT = -0.0704
# In the order of `features.NAMES`.
WEIGHTS = (
    0.5197,  # root_recall
    -0.3679,  # recall
    0.2029,  # token_set
    0.5359,  # all_words
    -0.0198,  # numbers
    0.1486,  # size
)
