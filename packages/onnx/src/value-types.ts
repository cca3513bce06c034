import type { Graph, Node, Value } from './graph.js';
import { subgraphsOf } from './graph.js';
import { operatorNamed } from './operators/registry.js';
import type { Tensor } from './tensor.js';

/**
 * What the values of a graph and its subgraphs are, by their names: a function that infers dtype and shape when it is
 * asked, from the inputs onward. It gives `undefined` for a value that nothing defines or whose shape follows from contents
 * that are known only at run time.
 */
export function valueTypes(graph: Graph): (name: string) => Value | undefined {
  const definitions = definitionsOf(graph);
  const known = new Map<string, Value | undefined>();
  const typeOf = (name: string): Value | undefined => {
    if (!known.has(name)) known.set(name, typed(name, definitions, typeOf));
    return known.get(name);
  };
  return typeOf;
}

/** Where the values of a graph and its subgraphs come from. Names are unique among them. */
interface Definitions {
  /** Inputs and sparse constants. */
  readonly declared: Map<string, Value>;
  readonly constants: Map<string, Tensor>;
  readonly producers: Map<string, Node>;
}

function definitionsOf(graph: Graph): Definitions {
  const definitions: Definitions = { declared: new Map(), constants: new Map(), producers: new Map() };
  collect(graph, definitions);
  return definitions;
}

function collect(graph: Graph, definitions: Definitions): void {
  const { declared, constants, producers } = definitions;
  for (const value of [...graph.sparseInitializers, ...graph.inputs]) declared.set(value.name, value);
  for (const { name, tensor } of graph.initializers) constants.set(name, tensor);
  for (const node of graph.nodes) {
    for (const output of node.outputs) producers.set(output, node);
    for (const body of subgraphsOf(node)) collect(body, definitions);
  }
}

function typed(
  name: string,
  { declared, constants, producers }: Definitions,
  typeOf: (name: string) => Value | undefined,
): Value | undefined {
  const constant = constants.get(name);
  if (constant) return { name, dtype: constant.dtype, shape: constant.shape };
  const node = producers.get(name);
  if (!node) return declared.get(name);
  if (node.domain !== '') return undefined;
  const inputs = node.inputs.map((input) => (input === '' ? undefined : typeOf(input)));
  if (inputs.some((input, index) => !input && node.inputs[index] !== '')) return undefined;
  try {
    const types = operatorNamed(node.op).infer({
      op: node.op,
      inputs,
      attributes: node.attributes,
      constant: (index) => constants.get(node.inputs[index] ?? ''),
    });
    const type = types[node.outputs.indexOf(name)];
    return type && { name, dtype: type.dtype, shape: type.shape };
  } catch {
    // The rule needs contents that only a run has: the graph's builder knew better.
    return undefined;
  }
}
