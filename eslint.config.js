import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";
import { zoneRule } from "./test/run/zones.ts";

export default defineConfig(
  { ignores: ["node_modules/", ".slipway/", "toolchain/sdk-start.cjs"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "max-lines": ["error", { max: 250 }],
      "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
      // Prettier breaks code at 120; this holds comments and texts to it, too.
      "max-len": ["error", { code: 120 }],
      // `using` holds a lock or a folder until the end of its block.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreUsingDeclarations: true }],
      "no-console": "error",
      "no-duplicate-imports": ["error", { allowSeparateTypeImports: true }],
      // A number in a message reads well as it is.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `void promise` says that nobody waits; the promise itself must handle its error.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    // A test file is a list of facts; `describe` is a function only by its looks.
    files: ["test/**/*.ts"],
    rules: { "max-lines-per-function": "off" },
  },
  {
    files: ["**/*.ts"],
    plugins: { slipway: { rules: { zones: zoneRule } } },
    rules: { "slipway/zones": "error" },
  },
);
