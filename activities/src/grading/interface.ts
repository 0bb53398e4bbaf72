import type { EnvironmentSpec, LabId, PackDigest, GradedQuestion, QuestionId } from '@ckx/contracts';

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
  closeGrader(request: { readonly spec: EnvironmentSpec }): Promise<void>;
}
