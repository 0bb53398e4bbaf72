import type { EnvironmentSpec, LabId, PackDigest, QuestionId } from '@ckx/contracts';

/** Queue `host-<hostId>`. */
export interface QuestionActivities {
  /** Puts the lab pack at hand on the host and starts the container from which setup runs. */
  prepareQuestions(request: { readonly spec: EnvironmentSpec; readonly labId: LabId; readonly digest: PackDigest }): Promise<void>;
  /**
   * Runs one question's setup; safe to repeat only as far as the pack's script is, so one that succeeded does not run again in the same container.
   * Those of several questions may run at once.
   */
  setUpQuestion(request: {
    readonly spec: EnvironmentSpec;
    readonly labId: LabId;
    readonly digest: PackDigest;
    readonly questionId: QuestionId;
  }): Promise<void>;
  /** Removes the container from which setup ran, before the candidate is let in. */
  finishQuestions(request: { readonly spec: EnvironmentSpec }): Promise<void>;
}
