"""Cut a published Admin API schema down to what our documents touch, so that the simulator can execute it.

    python tests/connectors/shopify/prune_schema.py SCHEMA.gz OUT

SCHEMA.gz is the schema definition text without descriptions. Kept: every field that a document selects with all of
its arguments, every plain field of the types that are reached, and enums and inputs whole.
"""

import gzip
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import graphql
from graphql import language as ast

DOCUMENTS = Path(__file__).parents[3] / "connectors" / "shopify" / "documents"
KEPT_INTERFACES = frozenset({"Node", "DisplayableError", "LegacyInteroperability"})
BUILT_IN = frozenset({"ID", "String", "Int", "Float", "Boolean"})


@dataclass
class Kept:
    """What stays: the selected fields by type, and the names of the types still to be looked at."""

    schema: dict[str, ast.TypeDefinitionNode]
    fields: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    types: set[str] = field(default_factory=set)
    interfaces: frozenset[str] = KEPT_INTERFACES

    def add_type(self, name: str) -> None:
        """Keep a type, and whatever it cannot stand without."""
        if name in self.types or name in BUILT_IN:
            return
        self.types.add(name)
        node = self.schema[name]
        match node:
            case ast.InputObjectTypeDefinitionNode():
                for entry in node.fields or ():
                    self.add_type(named(entry.type))
            case ast.UnionTypeDefinitionNode():
                for member in node.types or ():
                    self.add_type(member.name.value)
            case ast.ObjectTypeDefinitionNode() | ast.InterfaceTypeDefinitionNode():
                for entry in node.fields or ():
                    if self.stays(name, entry):
                        self.add_field(name, entry)

    def stays(self, owner: str, entry: ast.FieldDefinitionNode) -> bool:
        """Whether the field was selected, belongs to an interface that stays, or is a plain value."""
        plain = isinstance(
            self.schema.get(named(entry.type)), ast.EnumTypeDefinitionNode | ast.ScalarTypeDefinitionNode
        )
        plain = (plain or named(entry.type) in BUILT_IN) and not entry.arguments
        roots = owner in {"QueryRoot", "Mutation"}
        return entry.name.value in self.fields[owner] or (plain and not roots and not is_deprecated(entry))

    def add_field(self, owner: str, entry: ast.FieldDefinitionNode) -> None:
        """Keep a field with its arguments' types."""
        self.fields[owner].add(entry.name.value)
        self.add_type(named(entry.type))
        for argument in entry.arguments or ():
            self.add_type(named(argument.type))


def named(node: ast.TypeNode) -> str:
    """Return the name under lists and non-null marks."""
    while not isinstance(node, ast.NamedTypeNode):
        node = node.type  # type: ignore[union-attr]
    return node.name.value


def is_deprecated(node: ast.FieldDefinitionNode) -> bool:
    """Whether the platform wants the field gone."""
    return any(directive.name.value == "deprecated" for directive in node.directives or ())


def selected(schema: graphql.GraphQLSchema, texts: Iterable[str]) -> dict[str, set[str]]:
    """Return the fields that the documents select, by the type that owns them."""
    found: dict[str, set[str]] = defaultdict(set)
    info = graphql.TypeInfo(schema)

    class Collector(ast.Visitor):
        """Notes every selected field."""

        def enter_field(self, node: ast.FieldNode, *_: object) -> None:
            """Note one field."""
            owner = info.get_parent_type()
            if owner is not None and not node.name.value.startswith("__"):
                found[owner.name].add(node.name.value)

    for text in texts:
        ast.visit(graphql.parse(text), graphql.TypeInfoVisitor(info, Collector()))
    return found


def interfaces_of(node: ast.TypeDefinitionNode) -> set[str]:
    """Return the interfaces that a type says it has."""
    if not isinstance(node, ast.ObjectTypeDefinitionNode | ast.InterfaceTypeDefinitionNode):
        return set()
    return {one.name.value for one in node.interfaces or ()}


def pruned(node: ast.TypeDefinitionNode, kept: Kept) -> ast.Node:
    """Return the definition with only the fields and interfaces that stay."""
    if not isinstance(node, ast.ObjectTypeDefinitionNode | ast.InterfaceTypeDefinitionNode):
        return node
    interfaces = [one for one in node.interfaces or () if one.name.value in kept.interfaces & kept.types]
    entries = [entry for entry in node.fields or () if entry.name.value in kept.fields[node.name.value]]
    return type(node)(
        name=node.name,
        interfaces=tuple(interfaces),
        fields=tuple(entries),
        directives=node.directives,
        description=None,
    )


def prune(text: str, documents: Iterable[str]) -> str:
    """Return the pruned schema definition as text."""
    tree = graphql.parse(text)
    definitions = {node.name.value: node for node in tree.definitions if isinstance(node, ast.TypeDefinitionNode)}
    schema = graphql.build_ast_schema(tree, assume_valid=True, assume_valid_sdl=True)
    kept = Kept(definitions)
    kept.fields.update(selected(schema, documents))
    asked = {
        name for name in kept.fields if isinstance(definitions[name], ast.InterfaceTypeDefinitionNode)
    } - KEPT_INTERFACES
    kept.interfaces |= asked
    # Whatever may come back where an interface is asked for.
    shown = [name for name, node in definitions.items() if interfaces_of(node) & asked]
    for name in [*kept.fields, *shown]:
        kept.add_type(name)
    for name in KEPT_INTERFACES:
        kept.add_type(name)
    head = [ast.print_ast(node) for node in tree.definitions if isinstance(node, ast.SchemaDefinitionNode)]
    directives = [ast.print_ast(node) for node in tree.definitions if isinstance(node, ast.DirectiveDefinitionNode)]
    body = [ast.print_ast(pruned(definitions[name], kept)) for name in sorted(kept.types)]
    return "\n\n".join([*head, *directives, *body]) + "\n"


def main() -> None:
    """Read the schema, write the pruned one."""
    source, target = sys.argv[1:3]
    text = gzip.decompress(Path(source).read_bytes()).decode()
    fragments = (DOCUMENTS / "fragments.graphql").read_text()
    documents = [path.read_text() for path in sorted(DOCUMENTS.glob("*.graphql")) if path.stem != "fragments"]
    Path(target).write_text(prune(text, [fragments, *documents]))


if __name__ == "__main__":
    main()
