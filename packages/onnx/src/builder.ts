import type { Attributes, Dimension, Graph, Initializer, Node, SparseInitializer, Value } from './graph.js';
import { shapeText } from './graph.js';
import { operatorNamed } from './operators/registry.js';
import type { OutputType } from './operators/operator.js';
import type { DType, Tensor } from './tensor.js';
import { float32 } from './tensor.js';

/**
 * Collects the nodes of one graph and infers the dtype and shape of every value as it is added.
 *
 * Operators are functions over a builder (`matMul(builder, a, b)`, one file each in `operators/`), so a new
 * operator needs no change here. A builder with a parent collects a subgraph (a `Loop` body): it sees the
 * values of its parents, as ONNX scoping has it, and its names are unique among theirs.
 */
export class GraphBuilder {
  readonly name: string;
  readonly parent: GraphBuilder | undefined;
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  readonly #initializers: Initializer[] = [];
  readonly #sparseInitializers: SparseInitializer[] = [];
  readonly #nodes: Node[] = [];
  readonly #values = new Map<string, Value>();
  readonly #constants = new Map<string, Tensor>();
  readonly #scalars = new Map<string, Value>();
  readonly #detached = new Set<string>();
  readonly #taken: Set<string>;
  readonly #counters: Map<string, number>;

  constructor(name: string, parent?: GraphBuilder) {
    this.name = name;
    this.parent = parent;
    this.#taken = parent ? parent.#taken : new Set();
    this.#counters = parent ? parent.#counters : new Map<string, number>();
  }

  /** Declares a graph input. Symbolic dimensions (`'batch'`) stand for sizes known at run time. */
  input(name: string, dtype: DType, shape: readonly Dimension[]): Value {
    const value = this.#define({ name: this.#claim(name), dtype, shape });
    this.#inputs.push(value);
    return value;
  }

  /** Adds a named constant tensor. */
  initializer(name: string, tensor: Tensor): Value {
    return this.#constant(this.#claim(name), tensor);
  }

  /** Adds a named constant tensor in sparse form; to the graph it is a dense value of that shape. */
  sparseInitializer(initializer: SparseInitializer): Value {
    const { name, dtype, shape } = initializer;
    const value = this.#define({ name: this.#claim(name), dtype, shape });
    this.#sparseInitializers.push(initializer);
    return value;
  }

  /** Adds an unnamed constant; a number becomes a float32 scalar. Equal one-element constants are shared. */
  constant(content: Tensor | number): Value {
    const tensor = typeof content === 'number' ? float32([content], []) : content;
    if (tensor.data.length !== 1) return this.#constant(this.#fresh('constant'), tensor);
    const number = tensor.data[0] ?? 0;
    const key = `${tensor.dtype} ${shapeText(tensor.shape)} ${Object.is(number, -0) ? '-0' : number.toString()}`;
    const known = this.#scalars.get(key);
    if (known) return known;
    const value = this.#constant(this.#fresh('constant'), tensor);
    this.#scalars.set(key, value);
    return value;
  }

  /**
   * Adds one operator call and returns its outputs.
   *
   * @param inputs `undefined` for an optional input that is left out.
   * @param names names for the outputs; made from the operator's name where absent.
   * @param types what the outputs are, where it follows from sizes that are known only at run time.
   * @throws Error when the operator is unknown, an input belongs to another graph, or dtypes and shapes do not
   *   fit; the message names the operator and what it found.
   */
  add(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes = {},
    names: readonly string[] = [],
    types?: readonly OutputType[],
  ): Value[] {
    const definition = operatorNamed(op);
    for (const input of inputs) {
      if (input && this.valueNamed(input.name) !== input) {
        throw new Error(`${op}: input '${input.name}' is not a value of graph '${this.name}'`);
      }
    }
    const inferred =
      types ??
      definition.infer({
        op,
        inputs,
        attributes,
        constant: (index) => {
          const input = inputs[index];
          return input && this.constantOf(input);
        },
      });
    const outputs = inferred.map(({ dtype, shape }, index) => {
      const given = names[index];
      return this.#define({ name: given === undefined ? this.#fresh(op) : this.#claim(given), dtype, shape });
    });
    const node: Node = {
      name: this.#fresh(`${op}_node`),
      op,
      domain: '',
      inputs: inputs.map((input) => input?.name ?? ''),
      outputs: outputs.map((output) => output.name),
      attributes,
    };
    this.#nodes.push(node);
    return outputs;
  }

  /** A builder for a subgraph (a `Loop` body) that sees the values of this graph. */
  subgraph(name: string): GraphBuilder {
    return new GraphBuilder(name, this);
  }

  /** A name that no value of this graph or one around it has yet; it is taken when a value gets it. */
  freshName(stem: string): string {
    let name = stem;
    for (let count = 1; this.#taken.has(name); count++) name = `${stem}_${count}`;
    return name;
  }

  /** Marks a value as an output of the graph, under a name of its own when one is given. */
  output(value: Value, name?: string): Value {
    const output = name === undefined || name === value.name ? value : this.#rename(value, name);
    this.#outputs.push(output);
    return output;
  }

  /** The value as a constant to differentiation: no gradient flows through it. */
  detach(value: Value): Value {
    this.#detached.add(value.name);
    return value;
  }

  isDetached(value: Value): boolean {
    return this.#detached.has(value.name) || (this.parent?.isDetached(value) ?? false);
  }

  /** The value of a name in this graph or one around it. */
  valueNamed(name: string): Value | undefined {
    return this.#values.get(name) ?? this.parent?.valueNamed(name);
  }

  /** The contents of a value that is a constant of this graph or one around it. */
  constantOf(value: Value): Tensor | undefined {
    return this.#constants.get(value.name) ?? this.parent?.constantOf(value);
  }

  /** The nodes added so far, in topological order. */
  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /** The graph as immutable data. */
  build(): Graph {
    return {
      name: this.name,
      inputs: [...this.#inputs],
      outputs: [...this.#outputs],
      initializers: [...this.#initializers],
      sparseInitializers: [...this.#sparseInitializers],
      nodes: [...this.#nodes],
    };
  }

  #claim(name: string): string {
    if (name === '') throw new Error(`graph '${this.name}': a value needs a name`);
    if (this.#taken.has(name)) throw new Error(`graph '${this.name}': the name '${name}' is taken`);
    this.#taken.add(name);
    return name;
  }

  // A name that no value of this graph or one around it has.
  #fresh(stem: string): string {
    let name: string;
    do {
      const count = (this.#counters.get(stem) ?? 0) + 1;
      this.#counters.set(stem, count);
      name = `${stem}_${count}`;
    } while (this.#taken.has(name));
    return this.#claim(name);
  }

  #constant(name: string, tensor: Tensor): Value {
    this.#initializers.push({ name, tensor });
    this.#constants.set(name, tensor);
    return this.#define({ name, dtype: tensor.dtype, shape: tensor.shape });
  }

  #define(value: Value): Value {
    this.#values.set(value.name, value);
    return value;
  }

  // An output that was computed under another name passes through an Identity, which runtimes remove.
  #rename(value: Value, name: string): Value {
    const [renamed] = this.add('Identity', [value], {}, [name]);
    if (!renamed) throw new Error('Identity has one output');
    return renamed;
  }
}
