/** The prompt that a terminal shows: here you type. */
export function Logo() {
  return (
    <span className="logo">
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="var(--accent)" />
        <g stroke="var(--on-accent)" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" fill="none">
          <path d="M9 11l5 5-5 5" />
          <path d="M17 21.500h6" />
        </g>
      </svg>
      CKX
    </span>
  );
}
