export * from './input.js';
export { renderReport } from './page.js';
