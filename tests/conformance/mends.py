# SPDX-License-Identifier: Apache-2.0
"""Where moto's interpreter and our engine differ for a known reason.

Each mend makes moto do as we do, in one place, and can be left away: then the
difference has to show. README.md says of each who is right, and why.
"""

import interpreter

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.catch.catch_outcome import (
    CatchOutcome,
)
from moto.stepfunctions.parser.asl.component.common.error_name import (
    error_equals_decl,
)
from moto.stepfunctions.parser.asl.component.common.path import result_path
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.common.retry.retrier_outcome import (  # noqa: E501
    RetrierOutcome,
)
from moto.stepfunctions.parser.asl.component.state import state
from moto.stepfunctions.parser.asl.component.state.exec import execute_state

ALL = frozenset(
    ("own state", "task failed", "runtime", "result path", "waits", "held")
)


def replace(owner, name):
    """A decorator: the function takes the place of the one named, which
    comes as its first argument."""
    was = getattr(owner, name)

    def decorate(function):
        def does(*args, **rest):
            return function(was, *args, **rest)

        setattr(owner, name, does)

    return decorate


def install():
    @replace(execute_state.ExecutionState, "_handle_catch")
    def handle_catch(was, self, env, failure_event):
        was(self, env, failure_event)
        env.caught = env.stack[-1] is CatchOutcome.Caught

    @replace(state.CommonStateField, "_set_next")
    def set_next(was, self, env):
        caught = getattr(env, "caught", False)
        env.caught = False
        if caught and env.next_state_name == self.name:
            if interpreter.world.mended("own state"):
                return
        was(self, env)

    @replace(error_equals_decl.ErrorEqualsDecl, "_eval_body")
    def error_equals(was, self, env):
        error = env.stack[-1].error_name
        was(self, env)
        matches = env.stack[-1]
        if error == "States.Runtime":
            if matches and interpreter.world.mended("runtime"):
                env.stack[-1] = False
        elif error != "States.Timeout" and not matches:
            names = [one.error_name for one in self.error_names]
            if "States.TaskFailed" in names:
                if interpreter.world.mended("task failed"):
                    env.stack[-1] = True

    @replace(result_path.ResultPath, "_eval_body")
    def apply(was, self, env):
        whole = self.result_path_src in (None, "$")
        if not whole and not isinstance(env.states.get_input(), dict):
            if interpreter.world.mended("result path"):
                fail_result_path(env)
        was(self, env)

    @replace(retrier_decl.RetrierDecl, "_eval_body")
    def retry(was, self, env):
        names = [one.error_name for one in self.error_equals.error_names]
        counted = set(env.heap)  # by retriers that have fired
        was(self, env)
        if env.stack[-1] is RetrierOutcome.Executed and counted:
            if interpreter.world.held.issuperset(names):
                if interpreter.world.mended("held"):
                    env.heap.clear()


def fail_result_path(env):
    """Fails the state; its attempt has come to one end, this one."""
    history = interpreter.world.history
    if history[-1]["type"] == HistoryEventType.TaskSucceeded:
        history.pop()
    interpreter.fail(env, "States.ResultPathMatchFailure", "")
