# SPDX-License-Identifier: Apache-2.0
"""moto's interpreter of Amazon States Language, run in this process.

What it asks of the world is a script: each attempt of a task takes so long and
then comes to this. Time is virtual, at the three places at which it looks at
the clock. What it does between them is its own.
"""

import json
import logging
import types

from moto.stepfunctions.parser.api import HistoryEventType, StateMachineType
from moto.stepfunctions.parser.asl.component import eval_component
from moto.stepfunctions.parser.asl.component.common.error_name import (
    custom_error_name,
    failure_event,
    states_error_name,
)
from moto.stepfunctions.parser.asl.component.common.retry import (
    jitter_strategy_decl,
    retrier_decl,
)
from moto.stepfunctions.parser.asl.component.state.exec import execute_state
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (  # noqa: E501
    state_task_service_aws_sdk,
    state_task_service_sns,
)
from moto.stepfunctions.parser.asl.eval import environment, evaluation_details
from moto.stepfunctions.parser.asl.eval.event import (
    event_detail,
    event_manager,
)
from moto.stepfunctions.parser.asl.parse.asl_parser import (
    AmazonStateLanguageParser,
)

# By whether they are the language's own.
ERROR_NAMES = {
    False: custom_error_name.CustomErrorName,
    True: states_error_name.StatesErrorName.from_name,
}


class ScriptOver(BaseException):
    """There are no more attempts: the execution is left where it is."""


class Expired(BaseException):
    """The attempt under way has taken longer than its time limit."""


class World:
    """The script of one execution, its clock in milliseconds, and its history.

    `held` are the errors that hold an execution. `mends` are those of mends.py
    that are made; `met` are those that came up, made or not.
    """

    def __init__(self, script, held, mends):
        self.attempts = iter(script["attempts"])
        self.held = held
        self.mends = mends
        self.met = set()
        self.now = 0.0
        self.limit = None  # milliseconds that the attempt may take
        self.history = None
        self.jittered = set()  # events before which there was such a pause

    def mended(self, name):
        self.met.add(name)
        return name in self.mends

    def attempt(self, env):
        """Plays the next attempt of a task."""
        what = next(self.attempts, None)
        if what is None:
            raise ScriptOver
        waits, works = what.get("waits", 0), what["ms"]
        if waits and waits + works > self.limit and self.mended("waits"):
            self.now += waits
            waits = 0
        if waits + works > self.limit:
            self.now += self.limit
            raise Expired
        self.now += waits + works
        if "error" not in what:
            env.stack.append(json.loads(what["result"]))
        else:
            fail(env, what["error"], what["cause"])

    def sleep(self, seconds):
        self.now += seconds * 1000

    def draw(self, least, most):
        """A pause with jitter: the longest, and a note of it."""
        assert least == 0
        self.jittered.add(len(self.history))
        return most


def fail(env, error, cause):
    """Ends an attempt by an error of that name."""
    raise failure_event.FailureEventException(
        failure_event.FailureEvent(
            env=env,
            error_name=ERROR_NAMES[error.startswith("States.")](error),
            event_type=HistoryEventType.TaskFailed,
            event_details=event_detail.EventDetails(
                taskFailedEventDetails={"error": error, "cause": cause}
            ),
        )
    )


world = None  # moto's functions find it where they stand in for the real one


class Thread:
    """A thread that does nothing until it is waited for."""

    def __init__(self, target, daemon):
        world.thread = target

    def start(self):
        pass


class Event:
    def set(self):
        pass

    def wait(self, seconds):
        world.limit = seconds * 1000
        try:
            world.thread()
            return True
        except Expired:
            return False


def install():
    """Puts the world in the place of the real one."""
    logging.getLogger("moto").setLevel(logging.CRITICAL)
    execute_state.Thread = Thread
    execute_state.TMP_THREADS = types.SimpleNamespace(append=lambda one: None)
    execute_state.threading = types.SimpleNamespace(Event=Event)
    retrier_decl.time = types.SimpleNamespace(
        sleep=lambda seconds: world.sleep(seconds)
    )
    jitter_strategy_decl.random = types.SimpleNamespace(
        uniform=lambda least, most: world.draw(least, most)
    )
    event_manager.EventManager._get_current_timestamp = staticmethod(
        lambda: world.now
    )
    event_manager.iso_8601_datetime_with_milliseconds = lambda now: now
    for service in (
        state_task_service_aws_sdk.StateTaskServiceAwsSdk,
        state_task_service_sns.StateTaskServiceSns,
    ):
        service._eval_service_task = lambda task, env, **rest: world.attempt(
            env
        )
    # It spells out all it knows for a log that nobody reads.
    for name in ("_log_failure_event_exception", "_log_exception"):
        setattr(eval_component.EvalComponent, name, lambda *a, **k: None)


def parse(asl):
    return AmazonStateLanguageParser.parse(asl)[0]


def environment_of(given):
    """As ExecutionWorker has it."""
    return environment.Environment(
        aws_execution_details=evaluation_details.AWSExecutionDetails(
            account="123456789012", region="us-east-1", role_arn="arn:role"
        ),
        execution_type=StateMachineType.STANDARD,
        context={
            "Execution": {
                "Id": "arn:x",
                "Input": given,
                "Name": "x",
                "RoleArn": "arn:role",
                "StartTime": "2026-01-01T00:00:00Z",
            },
            "StateMachine": {"Id": "arn:m", "Name": "m"},
        },
        event_history_context=(
            event_manager.EventHistoryContext.of_program_start()
        ),
        cloud_watch_logging_session=None,
        activity_store={},
    )


def run(program, script, held, mends):
    """Runs a script, and returns the world that it has left."""
    global world
    world = World(script, held, mends)
    env = environment_of(json.loads(script["input"]))
    world.history = env.event_manager._history_event_list
    env.event_manager.add_event(
        context=env.event_history_context,
        event_type=HistoryEventType.ExecutionStarted,
        event_details=event_detail.EventDetails(
            executionStartedEventDetails={"input": script["input"]}
        ),
        update_source_event_id=False,
    )
    env.next_state_name = program.start_at.start_at_name
    try:
        # Without the thread in which Program.eval does this.
        eval_component.EvalComponent.eval(program, env)
    except ScriptOver:
        pass
    return world
