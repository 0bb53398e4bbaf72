/** The exam room, small: what the product looks like, drawn with its own tokens rather than kept as a picture that grows old. */
export function Miniature({ label }: { readonly label: string }) {
  return (
    <div className="miniature" role="img" aria-label={label}>
      <div className="mini-bar" aria-hidden="true">
        <span className="mini-dots">
          <i />
          <i />
          <i />
          <i />
          <i />
        </span>
        <span className="figure">24:18</span>
      </div>
      <div className="mini-body" aria-hidden="true">
        <div className="mini-task">
          <span className="tag accent">2 of 5</span>
          <b>Canary release</b>
          <p>
            Create a second Deployment <code>ferry-canary</code> in <code>harbor</code> so that one request in four reaches <code>v2</code>.
          </p>
          <i className="line" />
          <i className="line short" />
        </div>
        <pre className="mini-screen">
          <b>candidate@terminal</b>:<em>~</em>$ kubectl -n harbor get deploy{'\n'}
          <span>
            NAME READY UP-TO-DATE{'\n'}ferry 3/3 3{'\n'}
          </span>
          <b>candidate@terminal</b>:<em>~</em>$ kubectl apply -f canary.yaml{'\n'}
          <span>deployment.apps/ferry-canary created{'\n'}</span>
          <b>candidate@terminal</b>:<em>~</em>$ <u> </u>
        </pre>
      </div>
    </div>
  );
}
