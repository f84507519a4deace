//! Ways to instruct a reader who follows what it reads. Each is a phrase that has no place in a text that only informs: what
//! is to be forgotten are instructions, who is spoken to is a model, what is to be said is a verdict.

/// Regular expressions, without regard to case; `^` and `$` are those of a line.
pub(super) const PATTERNS: &[&str] = &[
    // Forget what you were told.
    r"\b(?:ignore|disregard|forget|override|bypass|do not follow|don't follow|stop following)\s+(?:(?:all|any|every|each|the|your|these|those|this|my|of|other|and|previous|prior|above|earlier|preceding|foregoing|existing|original|system|safety)\s+)*(?:previous|prior|above|earlier|preceding|foregoing|existing|original|system|your|safety)\s+(?:\w+\s+){0,2}?(?:instructions?|prompts?|directions|directives|rules|orders|guidelines|commands|messages?|programming)\b",
    r"\b(?:ignore|disregard|forget)\s+(?:all|any|every|everything|anything)\s+(?:of\s+)?(?:the\s+|your\s+)?(?:instructions|prompts|rules you|(?:that\s+)?(?:you (?:were|have been|had been) told|(?:was|came|is|comes) before|before this))",
    r"\b(?:ignore|disregard)\s+(?:the\s+|all\s+|any\s+)*(?:instructions|prompts?|directives)\s+(?:above|before|you (?:were|have been) given|from (?:the|your) (?:user|developer|system))",
    // You are somebody else.
    r"\byou are (?:now )?(?:an? |the |my )?(?:\w+ ){0,2}?(?:ai|a\.i\.|artificial intelligence|language model|llm|chatbot|assistant model|ai assistant|fact[- ]?checker|fact[- ]checking (?:ai|model|assistant|system))\b",
    r"\b(?:act|behave|respond|answer) as (?:an? |the )?(?:unrestricted|jailbroken|unfiltered|different|new) (?:ai|model|assistant)\b",
    r"\b(?:if you are|as|being) an? (?:ai|language model|llm|ai (?:model|assistant|system)|large language model)(?: or (?:an? )?\w+)?(?: (?:reading|processing|reviewing|evaluating) this)?,? (?:you (?:must|should|shall|will|are to)|please|do|answer|say|mark|rate|output|reply|respond|ignore)\b",
    r"\b(?:note|message|notice|attention|instructions?|important|warning)\s*(?:to|for|:)\s*(?:all |any |the )?(?:ais?\b|llms?\b|language models?|ai (?:models?|assistants?|systems?|readers?|reviewers?)|chatbots?|automated (?:fact[- ]?checkers?|reviewers?|readers?)|fact[- ]?check(?:er|ing model)s?)",
    // Say this verdict.
    r"\b(?:mark|label|rate|classify|report|judge|treat|return|score|grade|declare|count|flag|consider|evaluate)\s+(?:\w+\s+){0,4}?(?:claims?|statements?|verdicts?|everything|all of (?:them|this))\s+(?:\w+\s+){0,6}?(?:as|to be|with)\s+(?:the verdict\s+)?(?:“|”|'|\x22|`|‘)?(?:fully |completely )?(?:supported|verified|confirmed|true|refuted|false|correct|accurate)\b",
    r"\b(?:verdicts?)\s+(?:for|of|on)\s+(?:all|every|each|any|this|these|the following)\s+(?:of the\s+)?(?:claims?|statements?)\s+(?:is|are|must be|should be|shall be|has to be|will be)\b",
    r"\b(?:answer|respond|reply|output|say|write|return)\s+(?:only\s+|just\s+|always\s+)?(?:with\s+)?(?:the (?:word|verdict)\s+)?(?:“|”|'|\x22|`|‘)?(?:supported|refuted|not_enough_evidence)\b",
    r"\b(?:previous|earlier|prior|final|official)\s+(?:judge?ments?|verdicts?)(?:\s+(?:of|for|on)\s+(?:this claim|the claim|c\d+))?\s*:\s*(?:supported|refuted|true|false)\b",
    r#"["“]verdict["”]\s*:\s*["“](?:supported|refuted|conflicting|not_enough_evidence)["”]"#,
    // Reveal, or follow this instead.
    r"\b(?:reveal|print|show|output|repeat|disclose|leak|send)\s+(?:me\s+)?(?:your|the)\s+(?:full\s+|entire\s+|hidden\s+)?(?:system prompt|initial prompt|hidden instructions|system instructions|system message)\b",
    r"\b(?:new|updated|revised|secret|hidden)\s+(?:system\s+)?(?:instructions?|prompt)\s*(?:for (?:you|the (?:ai|model|assistant)))?\s*:\s",
    r"^\W{0,6}(?:system|assistant|developer)\s*(?:message|prompt|note|override)?\s*:\s*(?:you\b|ignore|disregard|forget|override|the verdict|from now on|all claims|every claim|this claim|mark|answer|reply|respond|say|do not|new instructions?)",
    r"\bfrom now on,? (?:you (?:are|will|must|should|shall)|answer|respond|reply|say)\b[^.!?\n]{0,80}\b(?:ai|model|assistant|claims?|verdict|supported|instructions?)\b",
    // Look-alike delimiters.
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|end_header_id|begin_of_text)\|>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>",
    r"</?(?:system|system_prompt|assistant|instructions?|verdict|passage|evidence|claim|untrusted|tool_result|function_results)(?:\s[^<>]{0,60})?>",
    r"^\W{0,6}#{2,}\s*(?:system|instruction|response|assistant|new instructions?)\s*:?\s*$",
    r"(?:begin|end)(?:ning)?(?: of)?(?: the)? (?:system prompt|untrusted (?:text|content|data)|user (?:input|prompt))",
    // German, Dutch.
    r"\b(?:ignorier(?:e|t|en sie)|vergiss|vergessen sie|missachte[nt]?|verwirf)\s[^.!?\n]{0,40}\b(?:vorherigen|bisherigen|obigen|früheren|vorigen|vorangehenden|alle|sämtliche)\b[^.!?\n]{0,30}\b(?:anweisung|instruktion|befehl|vorgabe|prompt)",
    r"\b(?:du bist|sie sind) (?:jetzt |nun |ab jetzt )?(?:eine?\s)?(?:\w+ )?(?:ki\b|ki-assistent|sprachmodell|chatbot)",
    r"\b(?:bewerte|markiere|stufe|melde|werte)\b[^.!?\n]{0,60}\b(?:behauptung|aussage)\w*\b[^.!?\n]{0,40}\bals (?:bestätigt|wahr|belegt|richtig|supported|widerlegt)",
    r"\b(?:negeer|vergeet)\s[^.!?\n]{0,30}\b(?:vorige|eerdere|voorgaande|bovenstaande|alle)\b[^.!?\n]{0,30}\b(?:instructies|opdrachten|aanwijzingen)",
    // French, Spanish, Portuguese, Italian.
    r"\b(?:ignore[zr]?|oublie[zr]?|ne (?:tiens|tenez) pas compte)\b[^.!?\n]{0,30}\b(?:instructions|consignes|directives|ordres)\b[^.!?\n]{0,25}\b(?:précédent|antérieur|ci-dessus|reçu)",
    r"\b(?:tu es|vous êtes) (?:maintenant |désormais )?(?:une? )?(?:ia\b|intelligence artificielle|modèle de langage|assistant ia)",
    r"\b(?:ignor[ae]|ignoren|olvid[ae]|olviden|descart[ae])\b[^.!?\n]{0,30}(?:instrucciones|órdenes|indicaciones)\b[^.!?\n]{0,25}\b(?:anterior|previa|precedente)",
    r"\b(?:eres|usted es) (?:ahora )?(?:una? )?(?:ia\b|inteligencia artificial|modelo de lenguaje|asistente de ia)",
    r"\b(?:ignor[ea]|ignorem|esqueç[ao]|desconsidere)\b[^.!?\n]{0,30}\b(?:instruções|ordens|orientações)\b[^.!?\n]{0,25}\b(?:anterior|prévia|precedente)",
    r"\b(?:ignor[ai]|ignorate|dimentic[ah]i?|dimenticate)\b[^.!?\n]{0,30}\b(?:istruzioni|indicazioni|ordini)\b[^.!?\n]{0,25}\b(?:precedent|anterior|sopra)",
    // Polish, Russian, Turkish.
    r"\b(?:z?ignoruj(?:cie)?|pomiń|zapomnij)\b[^.!?\n]{0,30}\b(?:poprzedni|wcześniejsz|powyższ|wszystki)\w*\b[^.!?\n]{0,25}\b(?:instrukcj|poleceni|wskazów)",
    r"(?:игнорируй|проигнорируй|забудь|не обращай внимания на)[^.!?\n]{0,30}(?:предыдущ|прежни|прошл|вышеуказанн|все )[^.!?\n]{0,25}(?:инструкци|указани|команд)",
    r"(?:önceki|yukarıdaki|tüm)[^.!?\n]{0,20}(?:talimat|komut|yönerge)\w*[^.!?\n]{0,15}(?:yok say|görmezden gel|unut|dikkate alma)",
    // Chinese, Japanese, Korean, Arabic, Hindi.
    r"(?:忽略|无视|忘记|忽視|無視|不要理会)[^.!?\n]{0,8}(?:之前|先前|以上|上述|前面|此前|所有)[^.!?\n]{0,8}(?:指令|指示|说明|提示|命令|規則|规则)",
    r"(?:以前|これまで|上記|前述|すべて)[^.!?\n]{0,6}(?:指示|命令|プロンプト|指図)[^.!?\n]{0,6}(?:無視|忘れ)",
    r"(?:이전|위의|앞의|앞선|모든)[^.!?\n]{0,10}(?:지시|명령|지침|프롬프트)[^.!?\n]{0,8}(?:무시|잊)",
    r"(?:تجاهل|انس|تغاض)[^.!?\n]{0,20}(?:التعليمات|الأوامر|الإرشادات)[^.!?\n]{0,15}(?:السابق|أعلاه)",
    r"(?:पिछले|पिछली|पहले के|उपरोक्त|सभी)[^.!?\n]{0,20}(?:निर्देश|आदेश)[^.!?\n]{0,25}(?:अनदेखा|नज़रअंदाज़|भूल)",
];
