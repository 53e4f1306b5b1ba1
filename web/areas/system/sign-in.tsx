// The door: a token is pasted, tried, and kept for this tab or, on request, for this browser.
import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import Paper from "@mui/material/Paper";
import Typography from "@mui/material/Typography";
import { useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Field } from "../../common/field.tsx";
import { Problem } from "../../common/problem.tsx";
import { isSendable } from "../../session.ts";

interface Entered {
  token: string;
  keep: boolean;
}

export interface SignInProps {
  ended: boolean; // by the server: the token was good and is no more
  onSignIn(token: string, keepSignedIn: boolean): Promise<void>;
}

export function SignIn({ ended, onSignIn }: SignInProps) {
  const { t } = useTranslation(["system", "common"]);
  const { register, handleSubmit, formState } = useForm<Entered>({ defaultValues: { token: "", keep: false } });
  const [problem, setProblem] = useState<unknown>(undefined);
  useEffect(() => {
    document.title = t("common:product");
  }, [t]);
  const submit = handleSubmit(async ({ token, keep }) => {
    setProblem(undefined);
    await onSignIn(token.trim(), keep).catch(setProblem);
  });
  const { ref, ...token } = register("token", {
    validate: {
      given: (value) => value.trim() !== "" || t("signin.missing"),
      sendable: (value) => isSendable(value.trim()) || t("signin.not_a_token"),
    },
  });
  return (
    <Box component="main" sx={{ display: "grid", placeItems: "center", minHeight: "100dvh", p: 2 }}>
      <Paper
        component="form"
        onSubmit={(event) => void submit(event)}
        noValidate
        sx={{ p: 3, width: "min(440px, 100%)", display: "grid", gap: 2 }}
      >
        <Box sx={{ display: "flex", alignItems: "center", gap: 1 }}>
          <img src="/favicon.svg" alt="" width="28" height="28" />
          <Typography variant="h1">{t("common:product")}</Typography>
        </Box>
        {ended && (
          <Alert severity="warning" variant="outlined" data-testid="ended">
            {t("signin.ended")}
          </Alert>
        )}
        <Field
          label={t("signin.token")}
          hint={t("signin.hint")}
          problem={formState.errors.token?.message}
          type="password"
          autoComplete="off"
          autoFocus
          fullWidth
          inputRef={ref}
          inputProps={{ "data-testid": "token" }}
          {...token}
        />
        <FormControlLabel control={<Checkbox {...register("keep")} />} label={t("signin.keep")} />
        {problem !== undefined && <Problem problem={problem} />}
        <Button type="submit" variant="contained" size="medium" data-testid="sign-in" disabled={formState.isSubmitting}>
          {t("signin.do")}
        </Button>
      </Paper>
    </Box>
  );
}
