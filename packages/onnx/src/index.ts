export * from './tensor.js';
export * from './graph.js';
export { GraphBuilder } from './builder.js';
export type * from './operators/operator.js';
