import { lazy, Suspense, type ComponentType } from 'react';
import { Route, Routes } from 'react-router';
import { RequireMember } from './auth/require-member.tsx';
import { NotFound } from './components/messages.tsx';
import { Site } from './components/site.tsx';
import { Landing } from './pages/landing.tsx';

/** Each page is a file of its own: a visitor loads the landing page and nothing of the exam room. */
const page = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  lazy(async () => ({ default: (await load())[name] }));

const Login = page(() => import('./pages/login.tsx'), 'Login');
const Register = page(() => import('./pages/register.tsx'), 'Register');
const ForgotPassword = page(() => import('./pages/forgot-password.tsx'), 'ForgotPassword');
const ResetPassword = page(() => import('./pages/reset-password.tsx'), 'ResetPassword');
const VerifyEmail = page(() => import('./pages/verify-email.tsx'), 'VerifyEmail');
const ConfirmEmail = page(() => import('./pages/change-email.tsx'), 'ConfirmEmail');
const Support = page(() => import('./pages/support.tsx'), 'Support');
const Labs = page(() => import('./pages/labs.tsx'), 'Labs');
const Lab = page(() => import('./pages/lab.tsx'), 'Lab');
const Pricing = page(() => import('./pages/pricing.tsx'), 'Pricing');
const PaymentSuccess = page(() => import('./pages/payment-success.tsx'), 'PaymentSuccess');
const Account = page(() => import('./pages/account.tsx'), 'Account');
const History = page(() => import('./pages/history.tsx'), 'History');
const Dashboard = page(() => import('./dashboard/dashboard.tsx'), 'Dashboard');
const Admin = page(() => import('./admin/admin.tsx'), 'Admin');
const Session = page(() => import('./session/session.tsx'), 'Session');

export function App() {
  return (
    <Suspense>
      <Routes>
        <Route element={<Site />}>
          <Route index element={<Landing />} />
          <Route path="login" element={<Login />} />
          <Route path="register" element={<Register />} />
          <Route path="forgot-password" element={<ForgotPassword />} />
          <Route path="reset-password" element={<ResetPassword />} />
          <Route path="verify-email" element={<VerifyEmail />} />
          <Route path="change-email" element={<ConfirmEmail />} />
          <Route path="labs" element={<Labs />} />
          <Route path="labs/:labId" element={<Lab />} />
          <Route path="pricing" element={<Pricing />} />
          <Route element={<RequireMember />}>
            <Route path="dashboard" element={<Dashboard />} />
            <Route path="admin/*" element={<Admin />} />
            <Route path="account" element={<Account />} />
            <Route path="support" element={<Support />} />
            <Route path="history" element={<History />} />
            <Route path="payment/success" element={<PaymentSuccess />} />
          </Route>
          <Route path="*" element={<NotFound />} />
        </Route>
        <Route element={<RequireMember />}>
          <Route path="sessions/:examSessionId" element={<Session />} />
        </Route>
      </Routes>
    </Suspense>
  );
}
