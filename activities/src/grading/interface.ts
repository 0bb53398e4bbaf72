import type { EnvironmentSpec, LabId, PackDigest, GradedQuestion, QuestionId, QuestionResult } from '@ckx/contracts';

/** Queue `host-<hostId>`. */
export interface GradingActivities {
  /** A fresh grader container: the session's network and volumes, an administrator's kubeconfig, the checks. */
  openGrader(request: { readonly spec: EnvironmentSpec; readonly labId: LabId; readonly digest: PackDigest }): Promise<void>;
  /** Runs the checks of one question; a check that cannot run is `errored`, never failed. */
  gradeQuestion(request: {
    readonly spec: EnvironmentSpec;
    readonly labId: LabId;
    readonly digest: PackDigest;
    readonly questionId: QuestionId;
  }): Promise<GradedQuestion>;
  /**
   * Runs the checks of one question now, in a toolbox of their own beside the candidate; it is gone when this returns. Evidence that is too
   * long for an activity's result is an excerpt.
   */
  checkQuestion(request: {
    readonly spec: EnvironmentSpec;
    readonly labId: LabId;
    readonly digest: PackDigest;
    readonly questionId: QuestionId;
  }): Promise<QuestionResult>;
  closeGrader(request: { readonly spec: EnvironmentSpec }): Promise<void>;
}
