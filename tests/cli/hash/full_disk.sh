# Lines that could not be written are a failure.
printf x >file
evidence-hash file >/dev/full
