import { expect, it } from 'vitest';
import { parseGpuState } from '../src/gpu-state.js';

it('reads a line of numbers', () => {
  expect(parseGpuState('1980, 2619, 118.25, 41')).toEqual({
    smClockMhz: 1980,
    memoryClockMhz: 2619,
    powerWatts: 118.25,
    temperatureCelsius: 41,
  });
});

it.each(['', '[N/A], 2619, 118.25, 41', '1980, 2619', 'Failed to initialize NVML'])(
  'takes %j for no reading',
  (line) => {
    expect(parseGpuState(line)).toBeUndefined();
  },
);
