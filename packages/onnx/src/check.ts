import type { Attribute, Graph, Model, Node, Value } from './graph.js';
import { IR_VERSION, OPSET, shapeText } from './graph.js';
import { sparseProblem } from './model/sparse-initializer.js';
import { elementCount } from './model/sizes.js';
import type { Tensor } from './tensor.js';
import { bytesPerElement } from './tensor.js';

/**
 * The problems of a model by the structural rules of the ONNX specification
 * (https://github.com/onnx/onnx/blob/main/docs/IR.md), one sentence each; empty when it is sound.
 *
 * Checked: versions; names (present, assigned once, visible where they are used, in topological order); sizes of
 * tensors; the order and range of sparse indices; the inputs and outputs of `Loop` bodies and `If` branches. Not
 * checked: whether an operator exists and takes these dtypes and shapes, which the graph builder does.
 */
export function checkModel(model: Model): string[] {
  return [...modelProblems(model)];
}

type Problems = Generator<string, void, undefined>;

/** The names that can be used at one place of a graph. */
interface Scope {
  /** Values of the graphs around this one that are computed before its node. */
  readonly outer: ReadonlySet<string>;
  /** Values of this graph so far. */
  readonly own: Set<string>;
}

// The specification asks for C identifiers everywhere; of values every runtime takes any text, and `fc1.weight` is
// customary.
const IDENTIFIER = /^[A-Za-z_]\w*$/;
const VALUE_NAME = /^[^\s\p{Cc}]+$/u;

function* modelProblems({ graph, metadata, opset, irVersion }: Model): Problems {
  if (opset !== OPSET) yield `the model imports operator set ${opset}, expected ${OPSET}`;
  if (irVersion !== IR_VERSION) yield `the model has IR version ${irVersion}, expected ${IR_VERSION}`;
  if (Object.hasOwn(metadata, '')) yield 'an entry of the metadata has no key';
  yield* graphProblems(graph, new Set(), '');
}

function* graphProblems(graph: Graph, outer: ReadonlySet<string>, around: string): Problems {
  const where = `${around}graph '${graph.name}'`;
  if (graph.name === '') yield `${where} has no name`;
  const scope: Scope = { outer, own: new Set() };
  for (const input of graph.inputs) yield* definitionProblems(input.name, scope, `${where}: input`);
  for (const value of [...graph.inputs, ...graph.outputs]) yield* valueProblems(value, where);
  yield* constantProblems(graph, scope, where);
  yield* nodesProblems(graph, scope, where);
  yield* outputProblems(graph, scope, where);
}

function* definitionProblems(name: string, scope: Scope, what: string): Problems {
  if (!VALUE_NAME.test(name)) yield `${what} '${name}' needs a name without spaces`;
  else if (scope.own.has(name)) yield `${what} '${name}' has the name of another value of the graph`;
  else if (scope.outer.has(name)) yield `${what} '${name}' has the name of a value of a graph around it`;
  scope.own.add(name);
}

function* valueProblems({ name, shape }: Value, where: string): Problems {
  const unsized = shape.find((size) => (typeof size === 'number' ? !isSize(size) : size === ''));
  if (unsized !== undefined)
    yield `${where}: value '${name}' has shape ${shapeText(shape)}, expected sizes of 0 or more`;
}

function* constantProblems(graph: Graph, scope: Scope, where: string): Problems {
  const inputs = new Map(graph.inputs.map((input) => [input.name, input]));
  for (const constant of graph.initializers) {
    const { name, tensor } = constant;
    const what = `${where}: initializer`;
    const input = inputs.get(name);
    inputs.delete(name);
    // An initializer with the name of an input is its default.
    if (!input) yield* definitionProblems(name, scope, what);
    else if (!fits(tensor, input)) {
      yield `${what} '${name}' is ${tensor.dtype} ${shapeText(tensor.shape)}, its input ${input.dtype} ${shapeText(input.shape)}`;
    }
    yield* tensorProblems(tensor, `${what} '${name}'`);
  }
  for (const sparse of graph.sparseInitializers) {
    const what = `${where}: sparse initializer`;
    yield* definitionProblems(sparse.name, scope, what);
    yield* tensorProblems(sparse.values, `${what} '${sparse.name}', values,`);
    yield* tensorProblems(sparse.indices, `${what} '${sparse.name}', indices,`);
    const problem = sparseProblem(sparse);
    if (problem !== undefined) yield `${what} '${sparse.name}' ${problem}`;
  }
}

function fits(tensor: Tensor, input: Value): boolean {
  return (
    tensor.dtype === input.dtype &&
    tensor.shape.length === input.shape.length &&
    input.shape.every((size, axis) => typeof size === 'string' || size === tensor.shape[axis])
  );
}

function* tensorProblems({ dtype, shape, data }: Tensor, what: string): Problems {
  if (!shape.every(isSize)) yield `${what} has shape ${shapeText(shape)}, expected sizes of 0 or more`;
  else if (data.length !== elementCount(shape)) {
    yield `${what} has shape ${shapeText(shape)}, but ${counted(data.length, 'element')}`;
  }
  if (data.BYTES_PER_ELEMENT !== bytesPerElement[dtype]) {
    yield `${what} is ${dtype}, but its elements take ${data.BYTES_PER_ELEMENT} bytes each`;
  }
}

function* nodesProblems(graph: Graph, scope: Scope, where: string): Problems {
  const computed = new Set(graph.nodes.flatMap((node) => node.outputs));
  const names = new Set<string>();
  for (const node of graph.nodes) {
    const here = `${where}: node '${node.name}' (${node.op})`;
    if (node.name !== '' && names.has(node.name)) yield `${here} has the name of another node`;
    names.add(node.name);
    yield* inputProblems(node, scope, computed, here);
    yield* nodeProblems(node, scope, here);
    for (const output of node.outputs) {
      if (output !== '') yield* definitionProblems(output, scope, `${here}: output`);
    }
  }
}

function* inputProblems(node: Node, scope: Scope, computed: ReadonlySet<string>, here: string): Problems {
  for (const input of node.inputs) {
    if (input === '' || scope.own.has(input) || scope.outer.has(input)) continue;
    yield computed.has(input)
      ? `${here} uses '${input}' before it is computed`
      : `${here} uses '${input}', which is not a value of the graph`;
  }
}

function* nodeProblems(node: Node, scope: Scope, here: string): Problems {
  if (!IDENTIFIER.test(node.op)) yield `${here}: the operator's name is not an identifier`;
  if (node.outputs.every((output) => output === '')) yield `${here} has no output`;
  for (const [name, attribute] of Object.entries(node.attributes)) {
    if (!IDENTIFIER.test(name)) yield `${here}: the name of attribute '${name}' is not an identifier`;
    yield* attributeProblems(attribute, scope, `${here}: attribute '${name}'`);
  }
  if (node.domain !== '') return;
  if (node.op === 'Loop') yield* loopProblems(node, here);
  if (node.op === 'If') yield* branchProblems(node, here);
}

function* attributeProblems(attribute: Attribute, scope: Scope, here: string): Problems {
  if ('tensor' in attribute) yield* tensorProblems(attribute.tensor, here);
  if ('graph' in attribute) {
    yield* graphProblems(attribute.graph, new Set([...scope.outer, ...scope.own]), `${here}: `);
  }
  const integers = 'ints' in attribute ? attribute.ints : 'int' in attribute ? [attribute.int] : [];
  for (const integer of integers) {
    if (!Number.isSafeInteger(integer)) yield `${here} is ${integer}, expected an integer`;
  }
}

// Loop: inputs (trip count, condition, states...); body (iteration, condition, states...) -> (condition, states...,
// scans...); outputs (states..., scans...).
function* loopProblems(node: Node, here: string): Problems {
  const body = graphAttribute(node, 'body');
  if (!body) {
    yield `${here} has no body`;
    return;
  }
  const states = node.inputs.length - 2;
  if (states < 0)
    yield `${here} has ${counted(node.inputs.length, 'input')}, expected a trip count, a condition and states`;
  else if (body.inputs.length !== 2 + states) {
    yield `${here} has ${counted(states, 'state')}, so its body takes ${counted(2 + states, 'input')}, found ${body.inputs.length}`;
  }
  const scans = body.outputs.length - 1 - states;
  if (states >= 0 && scans < 0) {
    yield `${here} has ${counted(states, 'state')}, so its body has at least ${counted(1 + states, 'output')}, found ${body.outputs.length}`;
  } else if (body.outputs.length !== 1 + node.outputs.length) {
    yield `${here} has ${counted(node.outputs.length, 'output')}, so its body has ${1 + node.outputs.length}, found ${body.outputs.length}`;
  }
  yield* roleProblems(body.inputs[0], 'int64', `${here}: the body's iteration number`);
  yield* roleProblems(body.inputs[1], 'bool', `${here}: the body's condition`);
  yield* roleProblems(body.outputs[0], 'bool', `${here}: the body's next condition`);
}

function* roleProblems(value: Value | undefined, dtype: string, what: string): Problems {
  if (value && value.dtype !== dtype) yield `${what} '${value.name}' is ${value.dtype}, expected ${dtype}`;
}

function* branchProblems(node: Node, here: string): Problems {
  for (const name of ['then_branch', 'else_branch']) {
    const branch = graphAttribute(node, name);
    if (!branch) {
      yield `${here} has no ${name}`;
      continue;
    }
    if (branch.inputs.length > 0) yield `${here}: the ${name} takes no inputs, found ${branch.inputs.length}`;
    if (branch.outputs.length !== node.outputs.length) {
      yield `${here} has ${counted(node.outputs.length, 'output')}, its ${name} ${branch.outputs.length}`;
    }
  }
}

function graphAttribute(node: Node, name: string): Graph | undefined {
  const attribute = node.attributes[name];
  return attribute && 'graph' in attribute ? attribute.graph : undefined;
}

function* outputProblems(graph: Graph, scope: Scope, where: string): Problems {
  if (graph.outputs.length === 0) yield `${where} has no output`;
  const names = new Set<string>();
  for (const { name } of graph.outputs) {
    if (names.has(name)) yield `${where}: output '${name}' is declared twice`;
    names.add(name);
    if (scope.own.has(name)) continue;
    yield scope.outer.has(name)
      ? `${where}: output '${name}' is a value of a graph around it: pass it through an Identity`
      : `${where}: output '${name}' is not a value of the graph`;
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 0;
}
