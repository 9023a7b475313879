# The name - in a list is standard input, as sha256sum has it.
printf x | sha256sum >list
printf x | evidence-hash -c list
printf y | evidence-hash -c list
