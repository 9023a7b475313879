evidence-verify nowhere.asice
