# SPDX-License-Identifier: Apache-2.0
"""Scripts for THE TABLE, made of what its own ASL says: each state succeeds,
fails by each error that it has a word for, once and until nobody retries, and
by one that it has no word for; and whatever chance brings."""

import itertools
import random

STRANGE = "Nobody.KnowsThis"


def succeed():
    return {"ms": 20, "intent": True, "result": '{"UserName":"alice"}'}


def fail(state, error):
    """An attempt of a state that ends by an error of that name."""
    if error == "States.Timeout":
        return {"ms": state["TimeoutSeconds"] * 1000 + 1, "result": "{}"}
    return {"ms": 20, "error": error, "cause": "as it was told"}


def order(asl):
    """The states in the order in which success goes through them."""
    name = asl["StartAt"]
    while name is not None:
        yield asl["States"][name]
        name = asl["States"][name].get("Next")


def errors(state):
    """Each name, and how often it has to come until nobody retries."""
    for retrier in state.get("Retry", []):
        for error in retrier["ErrorEquals"]:
            yield error, min(retrier["MaxAttempts"], 20) + 1
    for catcher in state.get("Catch", []):
        for error in catcher["ErrorEquals"]:
            if error != "States.ALL":
                yield error, 1
    yield STRANGE, 1


def ways(asl):
    """The attempts of each script."""
    states = list(order(asl))
    rest = [succeed() for _ in states]
    yield rest
    for i, state in enumerate(states):
        for error, times in errors(state):
            for count in {1, times}:
                failures = [fail(state, error)] * count
                yield rest[:i] + failures + rest
    # Each of them may be caught or not, whatever became of those before.
    for caught in itertools.product([False, True], repeat=len(states)):
        yield [
            fail(state, STRANGE) if one else succeed()
            for state, one in zip(states, caught)
        ]


def by_chance(asl, seed):
    """Half of the attempts fail, by what any of the states knows."""
    rng = random.Random(seed)
    states = list(order(asl))
    known = [(s, error) for s in states for error, _ in errors(s)]
    return [
        succeed() if rng.random() < 0.1 else fail(*rng.choice(known))
        for _ in range(60)
    ]


def scripts(asl):
    made = list(ways(asl)) + [by_chance(asl, seed) for seed in range(100)]
    for i, attempts in enumerate(made):
        yield {"seed": i, "input": '{"detail":{}}', "attempts": attempts}
