pref("general.config.filename", "ckx.cfg");
pref("general.config.obscure_value", 0);
