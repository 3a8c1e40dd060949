//! Given names common in the languages of the headers. A column of names is recognized when some of its cells have one.

/// Folded: lower case, without accents. Names that are also common words of a clinic's logs are left out.
const GIVEN_NAMES: &str = "\
aaron adam adrian agnes ahmed aisha alan albert alberto alejandro alessandra alessandro alessia alex alexander alexandra alexandre alexis ali \
alice alina amanda amelia amina amir amy ana anastasia anders andre andrea andreas andrew andrzej angela angelika angelo anita anja anke \
ann anna annamaria anne anneke anneliese annette annie annika anouk ante anthony antoine antoinette anton antonia antonio arne arnold arthur \
arturo astrid august aurelie axel barbara bart beat beata beate beatrice beatrix ben benedikt benjamin bernadette bernard bernd bernhard \
bert bertha bettina bianca birgit birgitta bjorn bo bob bogdan boris brenda brian bridget brigitte britta bruno camille carla carlo carlos \
carmen carol carolina caroline caterina catherine cathy cecilia cecilie celine chantal charles charlotte chiara chloe chris christa \
christel christian christiane christina christine christoph christophe christopher cindy clara claude claudia claudine claudio clemens \
colette colin cornelia craig cristina cynthia dagmar damien dan dana daniel daniela daniele danielle david davide deborah debra denis denise \
dennis derek diana diane diego dieter dietmar dimitri dirk dominik dominique donald donna dora doris dorothea dorothy douglas dragan eberhard \
eddie edgar edith eduard eduardo edward eileen elaine eleanor elena eleonora elfriede eliane elias elif elin elisa elisabeth elizabeth elke ella \
ellen elsa elvira emanuel emil emilia emilie emily emma emmanuel enrico enrique erich erik erika erna ernst erwin esther ethan eugen eugene \
eva evelyn fabian fabien fabienne fabio fabrice fatima fatma federica federico felicitas felix ferdinand fernando filip filippo finn fiona \
florence florian frances francesca francesco francine francis francisco franco francois francoise frank franz franziska fred frederic \
frederik fredrik freya frieda friedrich fritz gabi gabriel gabriela gabriele gabriella gary geert geoffrey george georg georges gerald \
gerard gerd gerda gerhard gerlinde gertrud giacomo gianni gilbert gilles gina gino giorgio giovanna giovanni gisela giulia giuseppe gloria \
gordon graham greg gregor gregory greta gudrun guido guillaume gunnar gunter gunther gustav guy gwen hakan halina hanna hannah hannelore \
hannes hans harald harriet harry hartmut hasan hassan hatice heather hedwig heide heidi heike heiko heiner heinrich heinz helen helena \
helene helga helmut hendrik henri henrik henry herbert hermann hilde hildegard holger horst howard hubert hugo hussein ian ibrahim ida ilona \
ilse imran ines inga inge ingeborg ingo ingrid irena irene irina iris irma isaac isabel isabella isabelle ivan ivana ivo jack jacob \
jacqueline jacques jakob jakub james jamie jan jana jane janet janine jannik jasmin jason javier jean jeanne jeff jeffrey jelena jennifer \
jens jeremy jessica jesus jill jim joachim joan joanna joao jochen joe joel johan johann johanna johannes john johnny jonas jonathan \
joost jordi jorg jorge jose josef josefine joseph josephine joshua juan juana judith julia julian juliane julie julien juliette jurgen \
jutta kai kamil karel karen karin karl karla karsten katarina katarzyna kate katharina katherine kathleen kathrin kathryn katja katrin \
keith kelly ken kenneth kerstin kevin khadija kim kirsten kjell klara klaus konrad konstantin krista kristian kristin kristina krzysztof kurt \
lara larry lars laura laurent leila lena leo leon leonardo leonie leopold liam lidia lieselotte lily lina linda lisa lise liv lorenzo \
lotte louis louise luca lucas lucia lucie lucien ludwig luigi luis luisa lukas luke lutz lydia lynn maarten madeleine magda magdalena \
magnus maja malgorzata manfred manuel manuela marc marcel marco marcus mareike margaret margareta margarete margarethe margit margot \
margrit marguerite maria marianne marie mariella marina mario marion marisa marit marius marjan marko markus marlene marlies marta martha \
martin martina mary massimo mateo mathias mathieu mathilde matteo matthew matthias maurice mauro max maximilian maya mehmet melanie \
melissa mia micha michael michaela michel michele michelle miguel mike mikael milan mila mircea mireille miriam mirjam mohamed mohammad mohammed \
monica monika monique moritz muhammad murat mustafa nadia nadine nadja nancy natalia natalie natasha nathalie nathan neil nele niklas \
nicholas nick nico nicola nicolas nicole niels nikola nikolaus nils nina noah noemi nora norbert oleg olga oliver olivia olivier ole omar \
oscar oskar osman otto pablo pamela paola paolo pascal pasquale patricia patrick patrik paul paula pauline pavel pawel pedro peggy penelope \
per petar peter petra philip philipp philippe pia piero pierre pieter pietro pilar piotr priya rachel rafael rahel raimund rainer ralf \
ralph ramona raphael rebecca regina regula reiner reinhard reinhold rene renata renate reto ricardo riccardo richard rita rob robert roberta \
roberto rodolfo roger roland rolf roman ronald rosa rosanna rosemarie rosmarie rudolf ruth sabine sabrina sahra salvatore sam samantha \
samuel sandra sandro sanne sara sarah sascha saskia scott sean sebastian sergej sergio serge sharon sheila shirley siegfried sigrid silke \
silvia simon simona simone sofia sofie solveig sonja sophia sophie stefan stefania stefanie stefano steffen stella stephan stephane \
stephanie stephen steve steven sue sunil susan susanna susanne suzanne sven svenja svetlana sylvia sylvie tamara tanja tara tatjana ted \
teresa thea theo theodor theresa therese thierry thomas tim timo tina tobias tom tomas tommaso torsten trevor trudi ulf ulla ulrich ulrike \
urs ursula ute uwe valentina valentin valeria valerie vanessa vera verena veronica veronika victor victoria viktor vincent vincenzo viola \
virginia vito vivian vladimir volker walter waltraud wanda wendy werner wilfried wilhelm wilma willem william willi wolfgang xavier yann \
yannick yasmin yusuf yves yvonne zoe zofia";

/// Whether a folded word is a common given name.
pub(super) fn is_given_name(word: &str) -> bool {
    GIVEN_NAMES.split_ascii_whitespace().any(|name| name == word)
}
