/** The button that sends a form. While it is on its way the button stays where it is, keeps its focus, and sends nothing twice. */
export function Submit({ label, busyLabel, busy, wide = true }: { label: string; busyLabel: string; busy: boolean; wide?: boolean }) {
  return (
    <button
      type="submit"
      className="button primary"
      style={wide ? { width: '100%' } : undefined}
      aria-disabled={busy}
      onClick={(event) => {
        if (busy) event.preventDefault();
      }}
    >
      {busy ? busyLabel : label}
    </button>
  );
}
