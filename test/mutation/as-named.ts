import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Runs test files in the order in which the command names them: by itself Vitest begins with those that take longest. */
export class AsNamed extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      process.argv.indexOf(relative(this.ctx.config.root, moduleId));
    return files.toSorted((a, b) => place(a) - place(b));
  }
}
