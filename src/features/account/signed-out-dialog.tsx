'use client';

import { Dialog } from '#ui/dialog.tsx';
import { Link } from '#ui/link.tsx';
import { loginPath } from './next-path.ts';
import { SignInForm } from './sign-in-form.tsx';

/** Asks for the password again without leaving the page, so that nothing on it is lost. */
export function SignedOutDialog(props: {
  open: boolean;
  username: string;
  here: string;
  onSignedIn: () => void;
}) {
  return (
    <Dialog
      open={props.open}
      dismissible={false}
      size="sm"
      title="You have been signed out"
      description="Sign in again to go on where you are. Nothing on this page is lost."
    >
      <SignInForm username={props.username} onDone={props.onSignedIn} />
      <p className="mt-4 text-center text-xs text-subtle">
        <Link href={loginPath(props.here)} className="text-link underline-offset-2 hover:underline">
          Sign in as someone else
        </Link>
      </p>
    </Dialog>
  );
}
