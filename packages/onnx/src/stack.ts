import { GraphBuilder } from './builder.js';
import type { Graph, Node, Value } from './graph.js';
import { namesUsedBy } from './graph.js';
import { loop } from './operators/loop.js';
import type { Stacked } from './operators/operator.js';
import { operatorNamed } from './operators/registry.js';
import { everyMember } from './operators/shared/stacking.js';
import { transpose } from './operators/transpose.js';

/**
 * Many instances of a graph as one graph, which computes them side by side: values that differ between the instances get
 * a leading axis with one place per member, one operator call serves all. (JAX calls it `vmap`.)
 *
 * @param members how many instances.
 * @param differs which inputs differ between members, by name: they and every value that depends on them have the leading
 *   axis. The other inputs are shared. All outputs have it.
 * @throws Error when a value that differs goes into an operator without a stacking rule, naming it.
 */
export function stackGraph(graph: Graph, members: number, differs: (name: string) => boolean): Graph {
  const builder = new GraphBuilder(graph.name);
  const scope: Scope = new Map();
  for (const { name, dtype, shape } of graph.inputs) {
    const stacked = differs(name);
    const value = builder.input(name, dtype, stacked ? [members, ...shape] : shape);
    scope.set(name, { value, stacked, rank: shape.length });
  }
  addNodes(builder, graph, scope, members);
  for (const { name } of graph.outputs)
    builder.output(everyMember(builder, given(scope, name), members), name);
  return withoutUnused(builder.build());
}

/** The values of a graph, and of those around it, by the names that they have for one member. */
type Scope = Map<string, Stacked>;

function addNodes(builder: GraphBuilder, graph: Graph, scope: Scope, members: number): void {
  // Under fresh names: rules add constants too.
  for (const { name, tensor } of graph.initializers) define(scope, [name], [builder.constant(tensor)], false);
  for (const sparse of graph.sparseInitializers) {
    define(scope, [sparse.name], [builder.sparseInitializer(sparse)], false);
  }
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => (name === '' ? undefined : given(scope, name)));
    const stacked = namesUsedBy(node).some((name) => scope.get(name)?.stacked);
    define(scope, node.outputs, outputsOf(builder, node, inputs, stacked, { scope, members }), stacked);
  }
}

function outputsOf(
  builder: GraphBuilder,
  node: Node,
  inputs: readonly (Stacked | undefined)[],
  stacked: boolean,
  { scope, members }: { readonly scope: Scope; readonly members: number },
): Value[] {
  const { body } = node.attributes;
  if (body && 'graph' in body) return stackLoop(builder, body.graph, inputs, stacked, { scope, members });
  if (!stacked)
    return builder.add(
      node.op,
      inputs.map((input) => input?.value),
      node.attributes,
    );
  const { stack } = operatorNamed(node.op);
  if (!stack) throw new Error(`operator '${node.op}' (node '${node.name}') has no stacking rule`);
  return stack({ builder, node, members, inputs });
}

/** A loop over all members at once: where anything in it differs between them, all its states and scans have their axis. */
function stackLoop(
  builder: GraphBuilder,
  body: Graph,
  [trips, , ...initial]: readonly (Stacked | undefined)[],
  stacked: boolean,
  { scope, members }: { readonly scope: Scope; readonly members: number },
): Value[] {
  if (!trips || trips.stacked) throw new Error('Loop: members of a stack take the same number of iterations');
  const whole = (into: GraphBuilder, input: Stacked) =>
    stacked ? everyMember(into, input, members) : input.value;
  const [iterationName, , ...stateNames] = body.inputs.map(({ name }) => name);
  const [goOn, ...results] = body.outputs.map(({ name }) => name);
  const { states, scans } = loop(
    builder,
    trips.value,
    initial.flatMap((state) => (state ? [whole(builder, state)] : [])),
    (inner, iteration, current) => {
      const within: Scope = new Map(scope);
      define(within, [iterationName ?? ''], [iteration], false);
      define(within, stateNames, current, stacked);
      // The loop brings its own condition.
      const nodes = body.nodes.filter(({ outputs }) => !outputs.includes(goOn ?? ''));
      addNodes(inner, { ...body, nodes }, within, members);
      const values = results.map((name) => whole(inner, given(within, name)));
      return { states: values.slice(0, stateNames.length), scans: values.slice(stateNames.length) };
    },
  );
  return [...states, ...scans.map((scan) => (stacked ? membersFirst(builder, scan) : scan))];
}

/** What was collected over the iterations, `[iterations, members, ...]`, with the members before the iterations. */
function membersFirst(builder: GraphBuilder, scan: Value): Value {
  return transpose(builder, scan, [1, 0, ...scan.shape.slice(2).map((_, axis) => axis + 2)]);
}

function define(scope: Scope, names: readonly string[], values: readonly Value[], stacked: boolean): void {
  values.forEach((value, index) => {
    scope.set(names[index] ?? '', { value, stacked, rank: value.shape.length - (stacked ? 1 : 0) });
  });
}

function given(scope: Scope, name: string): Stacked {
  const found = scope.get(name);
  if (!found) throw new Error(`stackGraph: nothing gives the value '${name}'`);
  return found;
}

/** Without the constants that only rules read, to make others of them. */
function withoutUnused(graph: Graph): Graph {
  const nodes = graph.nodes.map((node) => ({
    ...node,
    attributes: Object.fromEntries(
      Object.entries(node.attributes).map(([name, attribute]) => [
        name,
        'graph' in attribute ? { graph: withoutUnused(attribute.graph) } : attribute,
      ]),
    ),
  }));
  const used = new Set([...nodes.flatMap(namesUsedBy), ...graph.outputs.map(({ name }) => name)]);
  return { ...graph, nodes, initializers: graph.initializers.filter(({ name }) => used.has(name)) };
}
