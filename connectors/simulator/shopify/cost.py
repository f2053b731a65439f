"""What a query costs and the bucket that it is paid from.

The cost rule was fitted on recorded (query, cost) pairs; the platform publishes none. Scalars are free, an object
costs 1, money, addresses and page info 0, counts 10; a connection costs 2 + max(1, floor(2 ln n)) * (1 + its node);
a mutation costs 10 and what lies below its payload's objects.
"""

import math
import threading
import time
from collections.abc import Callable, Mapping

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

from connectors.simulator.shopify.state import Json

FREE = frozenset({"MoneyV2", "MoneyBag", "MailingAddress", "PageInfo"})
COUNT_COST = 10
CONNECTION_COST = 2
MUTATION_COST = 10
LARGEST_QUERY = 1000
SECONDS_TO_FILL = 20
ASKED = "asked"


class Meter:
    """Counts one operation's cost. `variables` decide the page sizes that are asked for."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, object]) -> None:
        self._schema = schema
        self._variables = variables
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._defaults: dict[str, object] = {}

    def cost(self, operation: OperationDefinitionNode) -> int:
        """Return the cost in points before it runs, as `requestedQueryCost` shows it."""
        return self._operation(operation, ASKED)

    def spent(self, operation: OperationDefinitionNode, data: object) -> int:
        """Return the cost in points of what came back, as `actualQueryCost` shows it: rows that are not there are free.

        Close to the recorded values, not exact.
        """
        return min(self.cost(operation), self._operation(operation, data))

    def _operation(self, operation: OperationDefinitionNode, data: object) -> int:
        self._defaults = {
            variable.variable.name.value: int(variable.default_value.value)
            for variable in operation.variable_definitions or ()
            if isinstance(variable.default_value, IntValueNode)
        }
        if operation.operation is not OperationType.MUTATION:
            return self._below(operation.selection_set, self._schema.query_type, data)
        return sum(self._mutation(field, _part(data, field)) for field in self._fields(operation.selection_set))

    def _mutation(self, field: FieldNode, data: object) -> int:
        payload = get_named_type(_field_type(self._schema.mutation_type, field.name.value))
        total = MUTATION_COST
        for part in self._fields(field.selection_set):
            if part.selection_set is not None and not part.name.value.lower().endswith("usererrors"):
                kind = get_named_type(_field_type(payload, part.name.value))
                total += self._each(part.selection_set, kind, _part(data, part))
        return total

    def _each(self, selection: SelectionSetNode | None, kind: GraphQLType | None, value: object) -> int:
        """Return the cost below an object, or below each object of a list that came back."""
        rows = value if isinstance(value, list) else [] if value is None else [value]
        return sum(self._below(selection, kind, row) for row in rows)

    def _below(self, selection: SelectionSetNode | None, parent: GraphQLType | None, value: object) -> int:
        return sum(self._field(field, parent, _part(value, field)) for field in self._fields(selection))

    def _field(self, field: FieldNode, parent: GraphQLType | None, value: object) -> int:
        name = field.name.value
        kind = get_named_type(_field_type(parent, name))
        if field.selection_set is None or value is None or kind is None or not is_composite_type(kind):
            return 0
        if name.endswith("Count"):
            return COUNT_COST
        if kind.name.endswith("Connection"):
            return self._connection(field, kind, value)
        return (0 if kind.name in FREE else 1) + self._each(field.selection_set, kind, value)

    def _connection(self, field: FieldNode, kind: GraphQLType | None, value: object) -> int:
        each = rows = 0
        for part in self._fields(field.selection_set):
            child = get_named_type(_field_type(kind, part.name.value))
            inside = _part(value, part)
            rows = max(rows, len(inside)) if isinstance(inside, list) else rows
            if part.name.value == "nodes":
                each += (1 if inside is ASKED else 0) + self._each(part.selection_set, child, inside)
            elif part.name.value == "edges":
                below = self._each(part.selection_set, child, inside)
                each += below if inside is ASKED else below - rows
        if value is ASKED:
            return CONNECTION_COST + max(1, _weight(self._page_size(field))) * max(1, each)
        return CONNECTION_COST + _weight(rows) + each

    def _page_size(self, field: FieldNode) -> int:
        for argument in field.arguments or ():
            if argument.name.value in {"first", "last"}:
                if isinstance(argument.value, IntValueNode):
                    return int(argument.value.value)
                if isinstance(argument.value, VariableNode):
                    name = argument.value.name.value
                    value = self._variables.get(name, self._defaults.get(name))
                    return value if isinstance(value, int) else 1
        return 1

    def _fields(self, selection: SelectionSetNode | None) -> list[FieldNode]:
        found: list[FieldNode] = []
        for node in selection.selections if selection is not None else ():
            if isinstance(node, FieldNode):
                found.append(node)
            elif isinstance(node, InlineFragmentNode):
                found += self._fields(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                found += self._fields(self._fragments[node.name.value].selection_set)
        return found


def _weight(rows: int) -> int:
    return math.floor(2 * math.log(max(1, rows)))


def _part(value: object, field: FieldNode) -> object:
    """Return what came back for a field; before anything came back, everything is merely asked for."""
    name = field.alias.value if field.alias is not None else field.name.value
    return value.get(name) if isinstance(value, dict) else value


def _field_type(parent: GraphQLType | None, name: str) -> GraphQLType | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) and name in parent.fields:
        kind: GraphQLType = parent.fields[name].type
        return kind
    return None


class Bucket:
    """A leaky bucket of points per app and shop: `maximum` fills again at `restore` points a second."""

    def __init__(self, *, restore: float = 100.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.set(restore)

    def set(self, restore: float) -> None:
        """Change the plan: so many points a second, a bucket of 20 seconds' worth, full now."""
        with self._lock:
            self.restore = restore
            self.maximum = restore * SECONDS_TO_FILL
            self._left = self.maximum
            self._at = self._clock()

    def pay(self, points: int) -> bool:
        """Take points out; False when there are not enough, and nothing is taken."""
        with self._lock:
            self._refill()
            if points > self._left:
                return False
            self._left -= points
            return True

    def give_back(self, points: int) -> None:
        """Put back what a call turned out not to cost."""
        with self._lock:
            self._refill()
            self._left = min(self.maximum, self._left + points)

    def drain(self) -> None:
        """Empty the bucket, as another program of the same app would."""
        with self._lock:
            self._refill()
            self._left = 0.0

    def _refill(self) -> None:
        now = self._clock()
        self._left = min(self.maximum, self._left + (now - self._at) * self.restore)
        self._at = now

    def status(self) -> Json:
        """Return the bucket as `throttleStatus` shows it."""
        with self._lock:
            self._refill()
            return {
                "maximumAvailable": self.maximum,
                "currentlyAvailable": int(self._left),
                "restoreRate": self.restore,
            }
