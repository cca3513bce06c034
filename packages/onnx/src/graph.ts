import type { DType, Tensor } from './tensor.js';

/** A size of a shape: a number, or the name of a size that is known only at run time, such as `batch`. */
export type Dimension = number | string;

/** A named value that flows through a graph: its dtype and shape, not its contents. */
export interface Value {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly Dimension[];
}

/** An attribute of a node, tagged by its ONNX type. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly tensor: Tensor }
  | { readonly graph: Graph };

export type Attributes = Readonly<Record<string, Attribute>>;

/** One operator call. An absent optional input is `''`, as in ONNX. */
export interface Node {
  readonly name: string;
  readonly op: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/**
 * A sparse initializer in COO form with linearised indices (ONNX `SparseTensorProto`).
 *
 * `indices` ascend strictly and lie below the product of `shape`; `values` has one element per index.
 */
export interface SparseInitializer {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly values: Tensor;
  readonly indices: Tensor<'int64'>;
}

/** A named constant of a graph. */
export interface Initializer {
  readonly name: string;
  readonly tensor: Tensor;
}

/** An ONNX graph as immutable data: nodes in topological order. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly initializers: readonly Initializer[];
  readonly sparseInitializers: readonly SparseInitializer[];
  readonly nodes: readonly Node[];
}

/** A graph with what an ONNX file says about it. Metadata becomes `metadata_props`. */
export interface Model {
  readonly graph: Graph;
  readonly metadata: Readonly<Record<string, string>>;
  readonly producer: { readonly name: string; readonly version: string };
  /** Version of the standard operator set. */
  readonly opset: number;
  readonly irVersion: number;
}

/** The operator set that every graph here is written in. */
export const OPSET = 18;
/** The file format version that goes with it. */
export const IR_VERSION = 9;

/** A shape as text, for messages: `[batch, 784]`. */
export function shapeText(shape: readonly Dimension[]): string {
  return `[${shape.join(', ')}]`;
}

/** A graph some of whose inputs are constants from now on. */
export function withConstants(graph: Graph, constants: Readonly<Record<string, Tensor>>): Graph {
  const bound = graph.inputs.flatMap(({ name }) => {
    const tensor = constants[name];
    return tensor ? [{ name, tensor }] : [];
  });
  return {
    ...graph,
    inputs: graph.inputs.filter(({ name }) => !(name in constants)),
    initializers: [...graph.initializers, ...bound],
  };
}

/** The graphs inside a node: the body of a `Loop`. */
export function subgraphsOf({ attributes }: Node): Graph[] {
  return Object.values(attributes).flatMap((attribute) => ('graph' in attribute ? [attribute.graph] : []));
}

/** The values that a node reads: its inputs and what a subgraph of it takes from around itself. */
export function namesUsedBy(node: Node): string[] {
  const subgraphs = subgraphsOf(node);
  return subgraphs.length === 0 ? [...node.inputs] : [...node.inputs, ...subgraphs.flatMap(namesUsedIn)];
}

// Names are unique across a graph and its subgraphs, so that a subgraph's own names do no harm here.
function namesUsedIn(graph: Graph): string[] {
  return [...graph.nodes.flatMap(namesUsedBy), ...graph.outputs.map((output) => output.name)];
}
