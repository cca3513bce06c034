export * from './tensor.js';
export * from './graph.js';
export { GraphBuilder } from './builder.js';
export * from './operators/index.js';
export { gradients } from './differentiate.js';
export { stackGraph } from './stack.js';
export * from './model.js';
export { checkModel } from './check.js';
export { dtypeOf } from './model/element-type.js';
