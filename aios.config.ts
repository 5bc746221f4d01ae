// Settings of this installation; everything has a default (node/platform/config/schema.ts lists all). The environment and the command line win over this file.
import { defineConfig } from './node/platform/config/schema.ts';

export default defineConfig({});
