import { existsSync } from 'node:fs';

/** The Vulkan driver in Debian's package of Chromium, which computes on the CPU. */
const softwareDriver = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Environment variables under which the WebGPU provider finds a Vulkan driver: the machine's, or one that computes on the CPU. */
export function vulkanEnvironment() {
  if (process.env.VK_DRIVER_FILES !== undefined || !existsSync(softwareDriver)) return {};
  return { VK_DRIVER_FILES: softwareDriver };
}
