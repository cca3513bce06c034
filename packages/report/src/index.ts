export type { BenchReportInput } from './bench-page.js';
export { renderBenchReport } from './bench-page.js';
export * from './input.js';
export { renderReport } from './page.js';
export type { SearchReportInput } from './search-input.js';
export { renderSearchReport } from './search-page.js';
export { renderCrossoverReport } from './crossover-page.js';
export type { CrossoverReportInput } from './crossover-page.js';
