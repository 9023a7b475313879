evidence-verify
